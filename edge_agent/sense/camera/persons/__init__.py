"""Persons of a picture at full resolution: what each of them wears, as far as it can be told."""
