"""What the room does: telling people, and keeping what is needed to reach them."""
