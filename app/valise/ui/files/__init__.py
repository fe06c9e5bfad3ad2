"""A text leaves as a file, and a file comes back."""
