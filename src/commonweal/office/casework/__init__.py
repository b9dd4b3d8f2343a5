"""Casework: applications, cases, steps across departments, deadlines and decisions."""
