"""Invented messages of matters."""
