"""Proving the records: the stand-alone verifier and the command around it."""
