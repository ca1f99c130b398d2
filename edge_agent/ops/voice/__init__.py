"""The box's voice: rendering its pieces, and listening to them."""
