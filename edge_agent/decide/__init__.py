"""Pure decisions: rules over the World, the permit machine, the alarm list, what outputs should be."""
