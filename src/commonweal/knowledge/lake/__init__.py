"""The lake: declared datasets collected, checked and stored as Iceberg tables."""
