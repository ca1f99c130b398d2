"""What the box tells the outside: messages, the forwarder, the desk for requests, the live picture."""
