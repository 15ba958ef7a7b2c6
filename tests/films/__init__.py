"""Journeys of a day, filmed on the demo: `make films`."""
