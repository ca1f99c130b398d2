"""What people run around the agent: the demo and its clip, replay, requests from the command line."""
