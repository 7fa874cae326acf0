"""The pages of notices and of where they go, and the doors through which others tell us what became of them."""
