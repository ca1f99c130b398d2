"""Ultralytics' family: what needs their package is collected only where the extra [ultralytics] is."""
