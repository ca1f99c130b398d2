"""What can be typed: one module a family of commands, each command's own code brought in when it is called."""
