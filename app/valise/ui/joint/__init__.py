"""Joint statements and lists of co-sponsors: who has signed which hash, and what can be done now."""
