"""Commissioning at the console and on paper: the steps, how they stand, and the certificate."""
