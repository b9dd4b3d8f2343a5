"""Figures the documentation quotes: ratios against a peer or a limit, measured in one run, never a failing build."""
