"""`edge-agent doctor`: what is wrong with the field, layer by layer from the plug, and how to mend it."""
