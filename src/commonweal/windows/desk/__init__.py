"""The desk: where civil servants work cases and leaders read findings."""
