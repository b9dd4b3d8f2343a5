"""Django template tags and filters of the look."""
