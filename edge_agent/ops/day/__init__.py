"""`edge-agent day`: the table of one day with the six indicators of a team, as JSON, CSV or PDF."""
