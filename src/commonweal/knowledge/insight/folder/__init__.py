"""Searching a folder of plain files: keys under other names, periods of other lengths, repeated keys, mixed types."""
