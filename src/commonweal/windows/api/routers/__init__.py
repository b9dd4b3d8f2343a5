"""One router per group of addresses."""
