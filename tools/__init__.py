"""Small programs that keep the project true: generated pages, messages, pictures."""
