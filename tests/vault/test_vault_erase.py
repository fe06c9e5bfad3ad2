"""Destroying a vault: the slots first, nothing opens after a crash in the middle, the next start goes on."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.world import FAST, PASSPHRASE

from valise.domain.errors import Unavailable, ValiseError
from valise.vault import erase, header, slots
from valise.vault.connection import new_key
from valise.vault.lock import Lock
from valise.vault.store import Store


def vault(folder: Path) -> str:
    key = new_key()
    Store.create(folder, key).close()
    made = header.new("", 1)
    slot = slots.seal_slot("passphrase", bytearray(PASSPHRASE), key, made.vault, FAST)
    header.save(folder, header.Header(made.vault, "", 1, (slot,)))
    (folder / "delegation.key").write_bytes(b"the key file")
    (folder / "look.json").write_bytes(b"{}")
    (folder / "vault.db.before").write_bytes(b"a copy")
    return key


def opens(folder: Path) -> bool:
    try:
        loaded = header.load(folder)
        Store.open(folder, slots.open_slots(loaded.header, bytearray(PASSPHRASE), FAST)).close()
    except ValiseError:
        return False
    return True


def test_a_vault_is_erased(tmp_path: Path) -> None:
    vault(tmp_path / "v")
    assert opens(tmp_path / "v")
    erase.erase(tmp_path / "v")
    assert [one.name for one in (tmp_path / "v").iterdir()] == ["delegation.key"]
    vault(tmp_path / "w")
    erase.erase(tmp_path / "w", "delegation.key")
    assert not (tmp_path / "w").exists()


def test_the_slots_are_overwritten_and_not_only_unlinked(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    vault(folder)
    (folder / "kept.json").hardlink_to(folder / header.NAME)
    (folder / "kept.bak").hardlink_to(folder / header.COPY)
    before = (folder / "kept.json").read_bytes()
    erase.erase(folder)
    for name in ("kept.json", "kept.bak"):
        after = (folder / name).read_bytes()
        assert len(after) >= len(before) and not re.search(rb"sealed|vault", after)
    assert json.loads(before)["slots"]


class _Crash(BaseException):
    pass


def test_an_erasure_interrupted_anywhere_goes_on(tmp_path: Path) -> None:
    """The plug is pulled after each step: nothing opens once it was decided, and the next start finishes it."""
    for upto in range(1, 40):
        folder = tmp_path / f"v{upto}"
        vault(folder)
        left = [upto]

        def fault(name: str, left: list[int] = left) -> None:
            left[0] -= 1
            if not left[0]:
                raise _Crash

        try:
            erase.erase(folder, "delegation.key", fault)
        except _Crash:
            assert erase.begun(folder)
            from tests.world import Clock

            from valise.desk.gate import Gate

            gate = Gate(folder, clock=Clock(), make_carrier=lambda place, writer: None, parser=None, kdf=FAST)  # type: ignore[arg-type,return-value]
            with pytest.raises(ValiseError):
                gate.unlock(bytearray(PASSPHRASE))
            assert not gate.exists() and not folder.exists()
            continue
        assert not folder.exists()
        break
    assert upto > 6


def test_a_vault_in_use_is_not_erased(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    vault(folder)
    lock = Lock(folder / "vault.lock")
    with pytest.raises(Unavailable, match=r"vault\.busy"):
        erase.erase(folder)
    lock.release()
    assert header.exists(folder)


def test_a_mark_names_no_file_elsewhere(tmp_path: Path) -> None:
    folder = tmp_path / "v"
    vault(folder)
    (tmp_path / "precious").write_bytes(b"precious")
    (folder / "erasing").write_bytes(b"and the key file\n../precious")
    erase.erase(folder)
    assert (tmp_path / "precious").read_bytes() == b"precious"

