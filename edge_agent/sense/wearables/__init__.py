"""Families of wearables: what each platform's message says. One module per family, pure functions."""
