"""What tells the window to lock or to end: the system's signals, sleep, the session; a file for each system."""
