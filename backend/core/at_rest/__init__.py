"""Secrets at rest: written by authorised code, unreadable with SQL alone."""
