"""A version takes over from the one before: migrations that both can work with, and nobody who is not answered."""
