"""What linkage asks of libraries outside."""
