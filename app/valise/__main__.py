"""Entry point of the `valise` command and of `python -m valise`."""

from __future__ import annotations

import sys


def main(argv: list[str] | None = None) -> int:
    """Run the command; returns the exit code. Without a subcommand it opens the window."""
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == ["--read-one-file"]:
        # a packaged program starts itself for the confined reader of hostile files: nothing else may be loaded
        from valise.formats import child

        return child.main()
    if arguments[:1] == ["--lay-out-one-text"]:
        # and for laying out pages
        from valise.ui import paper

        return paper.main()
    if arguments[:1] == ["--read-one-picture"]:
        # and for finding codes in a picture
        from valise.ui import picture

        return picture.main()
    from valise.cli import run

    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
