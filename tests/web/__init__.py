"""The web process: its routes, sessions, trust and errors."""
