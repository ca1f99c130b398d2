"""Backups that leave the box sealed, and the way back onto a spare one, with its identity moved on purpose."""
