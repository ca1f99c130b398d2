"""The pages as people see them: Chromium before the real web process, the real agent and the simulated field."""
