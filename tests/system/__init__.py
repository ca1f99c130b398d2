"""The whole box as processes: two brokers, the simulated field, the agent and the board."""
