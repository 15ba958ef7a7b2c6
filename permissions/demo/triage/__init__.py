"""Invented complaints as people write them, for trials of the router."""
