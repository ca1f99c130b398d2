"""The JSON API, one file per topic. Its routes stand in web_ui/access.py, its shapes in web_ui/shapes_*.py."""
