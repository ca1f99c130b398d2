"""What is kept of what the cameras send: what is filmed, what becomes of it, who looks at it."""
