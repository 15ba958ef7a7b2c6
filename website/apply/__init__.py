"""An application to the municipality: what, about what, where, by whom; its number, and how it goes on."""
