"""Cameras: one capture program each, one inference program for all, one Source towards the brain."""
