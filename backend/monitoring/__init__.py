"""What stands in this installation: measured in a few statements, judged, told in words and as metrics."""
