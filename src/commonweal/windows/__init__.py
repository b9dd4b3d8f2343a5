"""Where people meet the government."""
