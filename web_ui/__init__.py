"""The people's pages: read what the agent writes, and pass people's signed requests to it."""
