"""The working government."""
