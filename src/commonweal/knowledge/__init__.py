"""What the record teaches."""
