"""The map in the admin: its frame, the map of a list, what is near a case, and where applications come from."""
