"""The map for programs: cells of cases, what is published, and the ground that maps stand on."""
