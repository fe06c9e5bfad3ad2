"""Running a relay: its configuration, what is handed to delegations, and whether a running one keeps to it."""
