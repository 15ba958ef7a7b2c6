"""What opens a door, at rest: written by whoever may, read back by nobody who only speaks SQL."""
