"""One file for whoever helps: everything about the box, nothing about people, no secret, no picture."""
