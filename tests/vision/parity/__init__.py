"""Our reading of Ultralytics' models beside their own: live where the extra [ultralytics] is, else from a file."""
