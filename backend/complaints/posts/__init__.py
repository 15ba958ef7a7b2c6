"""Posts on social media that a case came by, and answers below them."""
