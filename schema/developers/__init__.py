"""What the developer on the other side reads: the reference, made of the schema itself, the guide and the changes."""
