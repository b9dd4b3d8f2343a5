"""Insight: associations between columns of different datasets, and findings."""
