"""Hostile input of the lake and of insight."""
