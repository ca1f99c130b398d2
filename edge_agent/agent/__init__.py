"""The brain and its inbox: the only place where state changes."""
