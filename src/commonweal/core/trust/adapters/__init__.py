"""Where keys are kept: files today."""
