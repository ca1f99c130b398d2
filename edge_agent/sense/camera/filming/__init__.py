"""Keeping what a camera sends: by its capture program, in a thread of its own, for nobody to wait for."""
