"""`edge-agent incident` and `edge-agent what-if`: recorded inputs decided again, for people and for the pages."""
