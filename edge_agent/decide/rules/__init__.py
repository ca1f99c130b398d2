"""The rules: one file per topic, each a few functions over the World and a table of rows."""
