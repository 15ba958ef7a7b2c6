"""Calls as the telephone exchange announces them: who is called, by which number. Nothing of it is kept."""
