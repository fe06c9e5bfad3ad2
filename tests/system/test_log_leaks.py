"""The log holds event codes and numbers. Planted words never reach it, whatever way they come."""

from __future__ import annotations

import logging
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from valise.domain.errors import Refused
from valise.system import log

CANARY = "Castellan-red-line"


@pytest.fixture
def written(tmp_path: Path) -> Iterator[Path]:
    yield log.start(tmp_path / "state")
    log.stop()


def test_an_event_is_a_code_and_numbers(written: Path) -> None:
    log.note("exchange.round", items=12, seconds=0.25, first=True)
    line = written.read_text()
    assert line.endswith(" INFO exchange.round items=12 seconds=0.25 first=1\n")
    assert line[10] == "T"
    assert line[23] == "Z"


@pytest.mark.parametrize("code", [CANARY, "two words", "", "a..b", "A.b", "a\nb", "a" * 81])
def test_a_code_that_is_none_is_our_mistake(written: Path, code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        log.note(code)
    assert written.read_text() == ""


def test_a_value_that_is_no_number_is_our_mistake(written: Path) -> None:
    with pytest.raises(ValueError, match="numbers"):
        log.note("exchange.round", items=CANARY)  # type: ignore[arg-type]
    assert written.read_text() == ""


def test_no_word_of_others_reaches_the_file(written: Path) -> None:
    for name in ("other", "valise", "valise.desk", CANARY, f"asyncio.{CANARY}"):
        logging.getLogger(name).error("said %s", CANARY, stack_info=True)
        logging.getLogger(name).error(CANARY)
    strange = type(CANARY, (Exception,), {})(CANARY)
    for error in (ValueError(CANARY), Refused("card.torn", CANARY), Refused(CANARY), strange):
        try:
            raise error
        except Exception:
            logging.getLogger("valise").exception("failed for %s", CANARY)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(CANARY, stacklevel=1)
    text = written.read_text()
    assert CANARY not in text
    assert "Castellan" not in text
    assert "failed=ValueError" in text
    assert "failed=card.torn" in text
    assert "from=asyncio" in text


def test_an_exception_tells_the_places_in_our_modules(written: Path) -> None:
    from valise.carriers import bundle

    try:
        bundle.decode(b"")
    except Refused:
        logging.getLogger("valise").exception("x")
    assert "failed=carrier.torn at=valise.carriers.bundle:" in written.read_text()


def test_uncaught_exceptions_go_there_without_their_words(tmp_path: Path) -> None:
    code = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from valise.system import log\n"
        f"word = '{CANARY}'\n"
        "log.start(Path(sys.argv[1])); log.guard_exceptions()\n"
        "def fail(): raise ValueError(word)\n"
        "one = threading.Thread(target=fail, name=word); one.start(); one.join()\n"
        "class Late:\n"
        "    def __del__(self): raise KeyError(word)\n"
        "Late()\n"
        "raise RuntimeError(word)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "state")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stdout == result.stderr == ""
    text = (tmp_path / "state" / "valise.log").read_text()
    failed = [line.split("failed=")[1].split()[0] for line in text.splitlines()]
    assert failed == ["ValueError", "KeyError", "RuntimeError"]
    assert CANARY not in text


def test_the_file_is_the_owners_and_rotates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MOST_OCTETS", 2000)
    path = log.start(tmp_path / "state")
    try:
        for number in range(400):
            log.note("exchange.round", items=number)
    finally:
        log.stop()
    files = sorted(one.name for one in path.parent.iterdir())
    assert files == ["valise.log", *(f"valise.log.{n}" for n in range(1, log.KEPT + 1))]
    assert all(one.stat().st_mode & 0o777 == 0o600 for one in path.parent.iterdir())
    assert all(one.stat().st_size <= 2000 for one in path.parent.iterdir())
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_never_through_a_link_and_silent_when_the_disk_is_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from valise.domain.errors import Unavailable

    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "valise.log").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Unavailable):
        log.start(folder)
    assert not (tmp_path / "elsewhere").exists()
    (folder / "valise.log").unlink()
    log.start(folder)
    try:
        handler = next(one for one in logging.getLogger().handlers if isinstance(one, log._Handler))
        handler.stream.close()
        log.note("exchange.round", items=1)
    finally:
        log.stop()
    assert capsys.readouterr().err == ""
