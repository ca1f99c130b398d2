"""Short messages to people's telephones, for what is critical while the centre cannot be reached."""
