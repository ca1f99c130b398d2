"""Pure: everything that is known at one instant, with its quality and age, and what is silent."""
