"""Process protections, the first thing at start."""

from __future__ import annotations

from valise.system.abc import Hardening, here


def harden() -> Hardening:
    """No core dumps, not readable by other processes, files for the owner only, as far as this system has
    them. Called before a key or passphrase exists, in every process that is started. Never raises."""
    return here().harden()
