"""Declared: the register in force, and every published service version by its content hash."""
