"""Points of contact: the directory, ping rounds, reachability, nomination, cards."""
