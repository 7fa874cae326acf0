"""What the pages of the board ask, each in a flat number of queries."""
