"""One running box, wired together: its core, what it senses, whom it answers, what it tells others."""
