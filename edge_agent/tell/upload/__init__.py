"""Copies of evidence to the centre's own store, by HTTP PUT: a process of its own, on no alarm's way."""
