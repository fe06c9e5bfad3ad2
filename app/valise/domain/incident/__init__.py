"""Incidents and requests for assistance: a form, what delegations say on it, and one record that is the same for all."""
