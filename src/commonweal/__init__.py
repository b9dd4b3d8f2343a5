"""Commonweal: the software a government runs its services and its data on."""
