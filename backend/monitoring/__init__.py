"""What stands in this installation: measured in a few statements, judged, reported in words and as metrics."""
