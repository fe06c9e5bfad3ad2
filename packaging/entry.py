"""Where the packaged program begins. What it loads by name it finds in itself; what it starts finds the system's own."""

import os
import sys

# The loader put its folder before the system's libraries. A browser or keyring started from here must not get ours.
for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"):
    before = os.environ.pop(f"{name}_ORIG", None)
    os.environ.pop(name, None)
    if before:
        os.environ[name] = before

from valise.__main__ import main  # noqa: E402

sys.exit(main())
