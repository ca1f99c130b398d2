"""Models of Ultralytics' family: trained and exported by their package (AGPL-3.0, the extra `[ultralytics]`).

Nothing of that package is part of this product; it is imported here alone, and only when somebody asks for it.
"""
