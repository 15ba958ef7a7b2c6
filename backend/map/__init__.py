"""The map: a grid in which cases are counted, what is published of it, and where base maps come from."""
