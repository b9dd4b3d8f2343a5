"""Certificates: what services issue, in three forms that verify anywhere, and what becomes of it later."""
