"""The package and the deciding code on the other kind of board, emulated."""
