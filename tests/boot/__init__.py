"""A whole Debian system, booted, with the box's package in it."""
