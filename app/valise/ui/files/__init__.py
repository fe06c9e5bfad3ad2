"""A text leaves as a file, and a file comes back."""

import valise.ui.texts  # noqa: F401  the workbench and these windows use each other's parts; it has to begin
