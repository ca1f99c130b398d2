"""`edge-agent consume`: a small reference consumer of what units send. An example to read, an oracle in tests."""
