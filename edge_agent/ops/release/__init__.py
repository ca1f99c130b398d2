"""A release: what it holds, its seal, and what says what it is made of. `make release` builds one."""
