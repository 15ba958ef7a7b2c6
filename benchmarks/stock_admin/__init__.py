"""Django's own admin over the product's tables, with guardian: what `benchmarks.pages` compares with."""
