"""What people who work on one case together see of each other."""
