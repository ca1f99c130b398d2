"""The box that stops dangerous work in time: sense, fuse, decide, act, tell."""
