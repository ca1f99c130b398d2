"""Whether a model may judge: before it goes live (the gate), and again and again while it does (the canary)."""
