"""Payments: fees due, and the record that they were paid."""
