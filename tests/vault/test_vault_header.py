"""header.json: strict, atomic, with a copy that is used when the first is torn."""

from __future__ import annotations

import errno
import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from valise.domain.errors import Damaged, Refused, Unavailable, ValiseError
from valise.vault import files, header

SLOT = {"kind": "of tomorrow", "anything": [1, "two", {"three": 3}]}


def made(*slots: dict[str, Any], name: str = "Aurelia, first laptop") -> header.Header:
    one = header.new(name, 1_700_000_000_000)
    return header.Header(one.vault, one.public_name, one.made, slots)


def test_comes_back_as_it_was_with_slots_of_unknown_kinds(tmp_path: Path) -> None:
    one = made(SLOT)
    header.save(tmp_path, one)
    assert header.load(tmp_path) == (one, "")
    assert header.load(tmp_path).header.slots == (SLOT,)
    assert header.exists(tmp_path)


def test_the_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    header.save(tmp_path, made())
    for name in (header.NAME, header.COPY):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_the_copy_is_what_was_good_before(tmp_path: Path) -> None:
    first, second = made(SLOT), made()
    header.save(tmp_path, first)
    header.save(tmp_path, second)
    assert header.decode((tmp_path / header.COPY).read_bytes()) == first
    assert header.load(tmp_path).header == second


def test_forget_leaves_no_old_slot_behind(tmp_path: Path) -> None:
    header.save(tmp_path, made(SLOT))
    header.save(tmp_path, made(), forget=True)
    assert b"tomorrow" not in b"".join(one.read_bytes() for one in tmp_path.iterdir())
    assert header.decode((tmp_path / header.COPY).read_bytes()).slots == ()


def test_torn_at_any_byte_the_copy_is_used_with_a_notice(tmp_path: Path) -> None:
    one = made(SLOT)
    header.save(tmp_path, one)
    whole = (tmp_path / header.NAME).read_bytes()
    for cut in range(len(whole)):
        (tmp_path / header.NAME).write_bytes(whole[:cut])
        assert header.load(tmp_path) == (one, "header.from_copy")
    (tmp_path / header.NAME).unlink()
    assert header.load(tmp_path) == (one, "header.from_copy")


def test_a_torn_header_never_becomes_the_copy(tmp_path: Path) -> None:
    one, two = made(SLOT), made()
    header.save(tmp_path, one)
    (tmp_path / header.NAME).write_bytes(b'{"half":')
    header.save(tmp_path, two)
    assert header.decode((tmp_path / header.COPY).read_bytes()) == one


def test_both_torn_says_what_is_wrong_with_the_first(tmp_path: Path) -> None:
    (tmp_path / header.NAME).write_bytes(b"x" * (header.LIMIT + 1))
    (tmp_path / header.COPY).write_bytes(b"")
    with pytest.raises(Refused) as caught:
        header.load(tmp_path)
    assert caught.value.code == "header.large"
    with pytest.raises(Damaged) as missing:
        header.load(tmp_path / "nowhere")
    assert missing.value.code == "header.missing"


def test_a_newer_header_is_not_passed_over_for_an_older_copy(tmp_path: Path) -> None:
    header.save(tmp_path, made())
    value = json.loads((tmp_path / header.NAME).read_bytes())
    value["v"] = 2
    (tmp_path / header.NAME).write_bytes(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())
    with pytest.raises(Refused) as caught:
        header.load(tmp_path)
    assert caught.value.code == "header.newer"


def changed(**fields: Any) -> bytes:
    value = json.loads(header.encode(made(SLOT))) | fields
    return json.dumps({k: v for k, v in value.items() if v is not ...}, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "header.torn"),
        (b"[]", "header.shape"),
        (b'"x"', "header.shape"),
        (b"\xff" + changed()[1:], "header.torn"),
        (changed() + b"\n", "header.torn"),
        (changed().replace(b'"kind":', b'"kind":"other","kind":'), "header.torn"),
        (changed().replace(b":[1,", b":[1.5,"), "header.torn"),
        (changed().replace(b":[1,", b":[NaN,"), "header.torn"),
        (b"[" * 50_000, "header.torn"),
        (changed(v=0), "header.shape"),
        (changed(v="1"), "header.shape"),
        (changed(v=...), "header.shape"),
        (changed(extra=1), "header.shape"),
        (changed(vault=...), "header.shape"),
        (changed(vault="AAAA"), "header.shape"),
        (changed(vault="A" * 21 + "B"), "header.shape"),
        (changed(vault=7), "header.shape"),
        (changed(public_name="two\nlines"), "header.shape"),
        (changed(public_name="turned\u202eround").replace(b"\\u202e", "\u202e".encode()), "header.shape"),
        (changed(public_name="x" * 201), "header.shape"),
        (changed(public_name=5), "header.shape"),
        (changed(made=-1), "header.shape"),
        (changed(made="1"), "header.shape"),
        (changed(slots={}), "header.shape"),
        (changed(slots=[1]), "header.shape"),
        (changed(slots=[{"kind": 1}]), "header.shape"),
        (changed(slots=[{}]), "header.shape"),
        (changed(slots=[SLOT] * 17), "header.shape"),
        (changed(public_name="x" * header.LIMIT), "header.large"),
    ],
)
def test_anything_but_the_one_form_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(ValiseError) as caught:
        header.decode(data)
    assert caught.value.code == code


def test_names_that_cannot_be_shown_are_refused_when_made() -> None:
    for name in ("a\tb", "a\u2066b", "x" * 201):
        with pytest.raises(Refused):
            header.new(name, 1)


def test_a_header_that_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    header.save(tmp_path, made(SLOT))
    before = (tmp_path / header.NAME).read_bytes()
    for bad in (made({"no kind": 1}), made(*[SLOT] * 17), made({"kind": "x", "much": "y" * header.LIMIT})):
        with pytest.raises(ValiseError):
            header.save(tmp_path, bad)
    assert (tmp_path / header.NAME).read_bytes() == before


def test_written_synced_renamed_and_the_folder_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    for name in ("fsync", "replace"):
        real = getattr(os, name)
        monkeypatch.setattr(os, name, lambda *a, real=real, name=name: (calls.append(name), real(*a))[1])
    files.replace(tmp_path / "a", b"data")
    files.copy(tmp_path / "a", tmp_path / "b")
    assert calls == ["fsync", "replace", "fsync"] * 2
    assert (tmp_path / "b").read_bytes() == b"data"


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "vault.disk_full"), (errno.EIO, "vault.io")])
def test_a_failing_disk_leaves_the_old_header(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, number: int, code: str
) -> None:
    one = made(SLOT)
    header.save(tmp_path, one)

    def fail(*_: object) -> None:
        raise OSError(number, "planted")

    with monkeypatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(Unavailable) as caught:
            header.save(tmp_path, made())
    assert caught.value.code == code
    assert header.load(tmp_path) == (one, "")
    assert sorted(p.name for p in tmp_path.iterdir()) == [header.NAME, header.COPY]
