"""Films on the disk: how they are sealed, written, read and named."""
