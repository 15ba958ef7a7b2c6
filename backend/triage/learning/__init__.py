"""Learning from labelled texts: what is counted of a text, fitting, and what a fitted router says. Knows no table."""
