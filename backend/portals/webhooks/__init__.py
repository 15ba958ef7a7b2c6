"""Telling a client's own server what happened: addresses it may be reached at, signatures, what was answered."""
