"""An example of a portal: a page on which citizens report a broken pavement, written against the public API alone.

It shows what `docs/portals.md` tells. It knows nothing of the product but its addresses (a contract of imports holds
it to that), is served by the demo and the tests, and never by an installation.
"""
