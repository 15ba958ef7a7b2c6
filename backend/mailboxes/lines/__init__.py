"""The numbers of the municipality to which citizens write: SMS and messengers."""
