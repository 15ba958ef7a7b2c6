"""What an operator installs: containers, manifests, and the book, each tried."""
