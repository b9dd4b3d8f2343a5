"""The HTTP API: one router per room."""
