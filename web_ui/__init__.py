"""The read-only board: shows the agent's live picture on loopback and can change nothing."""
