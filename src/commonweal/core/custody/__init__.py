"""Custody: keys and certificates in the hands of the office that keeps them, never of one person alone."""
