"""Routing rules of the invented office."""
