"""The product under writing clients, and each of its parts killed or taken away in turn (`make faults`)."""
