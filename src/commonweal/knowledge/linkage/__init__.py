"""Finds which rows of two datasets are about the same person, lets people decide where in doubt, keeps the links."""
