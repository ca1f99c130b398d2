"""How a browser comes to trust this box: its own certificate authority, its names, its certificate."""
