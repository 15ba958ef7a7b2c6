"""The line to a mail server: opening it, tokens to sign in with, and waiting for what comes."""
