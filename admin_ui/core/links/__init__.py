"""Links that lead out of the pages."""
