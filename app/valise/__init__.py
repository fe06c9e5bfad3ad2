"""Valise: confidential drafting and exchange for delegations."""

from typing import Final

VERSION: Final = "0.1.0"  # as in pyproject.toml; a packaged program has no metadata to ask
