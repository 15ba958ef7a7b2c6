"""Making and tending the houses of an installation (`backend/houses`): `manage.py houses`."""
