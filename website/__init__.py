"""The citizens' site of the municipality: the first client of the public API.

It knows the product by that API alone (a contract of imports holds it to that): registered documents, run in process
as the client of an account of its own. Whatever it can do, every portal can.
"""
