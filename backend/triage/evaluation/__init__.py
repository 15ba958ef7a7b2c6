"""Evaluating the router on labelled texts of a file, split by time: learned from the past, asked about the future."""
