"""What `make test` runs: all tests side by side, then whatever failed once more, alone and in turn.

Some tests start real servers, processes and windows beside other tests that do the same, on a machine of which nothing is
known. What fails there and holds alone is told by name at the end and is somebody's work (docs/decisions, 88); what fails
alone too, or more than MOST failures, or anything that is no failure of a test, fails the run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

MOST: Final = 4  # more is not a machine's haste
FAILED: Final = 1  # pytest's exit code: tests ran, some failed


def failed(cache: Path) -> list[str]:
    """Names of the tests that failed in the run that wrote `cache`."""
    try:
        held = json.loads((cache / "v" / "cache" / "lastfailed").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return sorted(name for name, yes in held.items() if yes)


def run(given: Sequence[str]) -> int:
    """Exit code of the whole. `given` = arguments of pytest."""
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder) / "cache"
        pytest = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache}"]
        code = subprocess.run([*pytest, *given], check=False).returncode
        names = failed(cache)
        if code != FAILED or not 0 < len(names) <= MOST:
            return code
        print(f"Failed beside others, now alone: {', '.join(names)}", flush=True)
        code = subprocess.run([*pytest, "-n", "0", *names], check=False).returncode
        if code == 0:
            print(f"FAILED BESIDE OTHERS, HELD ALONE: {', '.join(names)}", flush=True)
        return code


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
