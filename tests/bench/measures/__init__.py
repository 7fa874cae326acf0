"""The measures. Every module here has a tuple ``MEASURES``; ``tests.bench`` finds it by itself."""
