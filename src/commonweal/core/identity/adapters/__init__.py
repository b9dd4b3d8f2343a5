"""What identity plugs into the libraries it stands on."""
