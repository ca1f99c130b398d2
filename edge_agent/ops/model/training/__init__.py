"""What needs torch (the extra `[train]`); nothing outside this folder imports it."""
