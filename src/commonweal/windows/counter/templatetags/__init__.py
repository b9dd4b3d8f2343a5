"""Tags of the counter's own templates."""
