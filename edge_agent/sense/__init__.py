"""What the box senses: one file or folder per kind of source; each becomes Observations."""
