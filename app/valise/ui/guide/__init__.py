"""The guide inside the program: pages for delegates, opened by F1 at the page about what is on the screen."""
