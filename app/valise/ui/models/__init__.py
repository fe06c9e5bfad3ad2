"""List models that hold ids and a few pages, never everything."""
