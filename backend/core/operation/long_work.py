"""Work of the worker that takes minutes: an import, a large export, a batch of greetings, a destruction."""

LONG_WORK = "long_work"
"""The lock that all of it shares: one after the other in the house, so that of the worker's two places one is always
free for mail and holds."""
