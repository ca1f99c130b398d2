"""What central systems build on: every message's shape, where it travels, and its published schema."""
