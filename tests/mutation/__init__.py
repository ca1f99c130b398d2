"""Mutation of the deciding code: one small change at a time, and some test must fail. `make mutate`."""
