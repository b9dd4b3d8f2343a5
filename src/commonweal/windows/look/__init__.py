"""The shared look: tokens, page shells, parts and words that every window uses."""
