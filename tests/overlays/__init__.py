"""A kommune's own files by chance, harmful and right, and what the guide says of them."""
