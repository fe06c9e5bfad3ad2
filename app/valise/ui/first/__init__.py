"""What is shown before a vault is open: the unlock page, the first run, the wait for enrolment."""
