"""What can be asked of the room, each in a flat number of queries."""
