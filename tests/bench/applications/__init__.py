"""What the web servers of measures serve beside the real ``config.asgi``: one module, one way."""
