"""Signing: several people sign one document, each by their own hand; what all have signed is sealed with the proof."""
