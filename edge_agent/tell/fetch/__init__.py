"""The way of a file that the centre offers to the box."""
