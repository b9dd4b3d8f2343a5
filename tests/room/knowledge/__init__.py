"""Room tests of the lake and of insight."""
