"""Entry point of the `valise` command and of `python -m valise`."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit code. Without a subcommand it opens the window."""
    from valise.cli import run

    return run(sys.argv[1:] if argv is None else argv)


if __name__ == "__main__":
    sys.exit(main())
