"""A small city that has one room, the talk, to follow live. It exists in tests only."""
