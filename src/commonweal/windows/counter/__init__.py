"""The counter: where people and businesses find, apply, pay and track."""
