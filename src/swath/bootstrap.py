"""Plugs adapters into ports: the one file that knows every room."""
