"""The general question behind captures at fixed times: the most valuable choice of things that exclude each other."""
