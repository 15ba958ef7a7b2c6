"""The phone of a crew in the field: its jobs near it, and what it did, with and without a line."""
