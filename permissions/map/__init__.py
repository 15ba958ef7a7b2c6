"""What of the map a viewer sees: cells and points of visible cases, and what is published for everybody."""
