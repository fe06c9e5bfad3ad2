"""Pings of points of contact: a round asks for confirmation of an entry, and nothing else."""
