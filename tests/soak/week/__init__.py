"""A week of a whole box in accelerated time. See ../README.md."""
