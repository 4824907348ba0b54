"""Putting the two together: archive, incidents, index, search, export, command line."""
