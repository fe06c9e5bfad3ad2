"""Keyrings that lie, drop, hang or break are no keyrings; what is trusted is named, not found."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest

from valise.domain.errors import NotAllowed, Unavailable
from valise.system.custodian import Custodian, NoCustodian, find, keyrings
from valise.system.custodian.abc import LIMIT
from valise.system.custodian.keyrings import ALLOWED, KeyringCustodian


class Backend:
    """A keyring that works, with the shape of the package's backends."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, name: str) -> str | None:
        return self.held.get((service, name))

    def set_password(self, service: str, name: str, text: str) -> None:
        self.held[service, name] = text

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


class Drops(Backend):
    """The null backend: everything succeeds, nothing is kept."""

    def set_password(self, service: str, name: str, text: str) -> None:
        return None


class Cuts(Backend):
    def set_password(self, service: str, name: str, text: str) -> None:
        super().set_password(service, name, text[:20])


class Keeps(Backend):
    def delete_password(self, service: str, name: str) -> None:
        return None


class Breaks(Backend):
    def get_password(self, service: str, name: str) -> str | None:
        raise LookupError("what a D-Bus answers")

    set_password = delete_password = get_password  # type: ignore[assignment]


def over(backend: Any, patience: float = 30.0) -> KeyringCustodian:
    return KeyringCustodian(make=lambda: backend, patience=patience)


def unavailable(act: Callable[[], object]) -> bool:
    with pytest.raises(Unavailable) as caught:
        act()
    assert caught.value.code == "custodian.unavailable"
    assert "D-Bus" not in str(caught.value)
    return True


def test_what_is_kept_comes_back_and_goes() -> None:
    backend = Backend()
    one = over(backend)
    assert one.available() and not backend.held, "the probe leaves nothing"
    for value in (b"", bytes(32), bytes(range(256)), bytes(LIMIT)):
        one.keep("slot/a.b-c_9", value)
        assert one.look("slot/a.b-c_9") == value
    assert one.look("slot/other") is None
    one.forget("slot/a.b-c_9")
    one.forget("slot/a.b-c_9")
    assert one.look("slot/a.b-c_9") is None


def test_each_value_has_a_service_of_its_own() -> None:
    """On Windows two values of one service would be moved about."""
    backend = Backend()
    one = over(backend)
    one.keep("first", b"1")
    one.keep("second", b"2")
    assert sorted(backend.held) == [("valise/first", "first"), ("valise/second", "second")]


def test_the_largest_value_fits_the_smallest_keyring() -> None:
    backend = Backend()
    over(backend).keep("x", bytes(LIMIT))
    (text,) = backend.held.values()
    assert len(text.encode("utf-16-le")) <= 2560


@pytest.mark.parametrize("name", ["", "with space", "ümlaut", "x" * 101, "line\nend", 'quote"'])
def test_a_name_that_is_none(name: str) -> None:
    for one in (over(Backend()), NoCustodian()):
        for act in (one.look, one.forget, lambda name, one=one: one.keep(name, b"")):
            with pytest.raises(NotAllowed) as caught:
                act(name)
            assert caught.value.code == "custodian.name"


def test_too_large_a_value() -> None:
    for one in (over(Backend()), NoCustodian()):
        with pytest.raises(NotAllowed) as caught:
            one.keep("x", bytes(LIMIT + 1))
        assert caught.value.code == "custodian.size"


@pytest.mark.parametrize("backend", [Drops(), Cuts(), Breaks()], ids=lambda one: type(one).__name__)
def test_a_keyring_that_keeps_nothing_is_none(backend: Backend) -> None:
    one = over(backend)
    assert not one.available()
    assert unavailable(lambda: one.keep("x", bytes(32)))


def test_a_keyring_that_never_lets_go_is_none() -> None:
    one = over(Keeps())
    assert not one.available()
    one.keep("x", b"1")
    assert unavailable(lambda: one.forget("x"))


def test_whatever_breaks_is_one_error() -> None:
    def never() -> Any:
        raise ImportError("no such keyring")

    for one in (over(Breaks()), KeyringCustodian(make=never), KeyringCustodian("plan9")):
        assert not one.available()
        for act in (lambda one=one: one.look("x"), lambda one=one: one.forget("x"), lambda one=one: one.keep("x", b"")):
            assert unavailable(act)


def test_somebody_elses_value_under_our_name_is_nothing() -> None:
    backend = Backend()
    for text in ("!", "äöü", "AA=A", "A"):
        backend.set_password("valise/x", "x", text)
        assert over(backend).look("x") is None


def test_a_keyring_that_never_answers_has_an_end() -> None:
    answer = threading.Event()

    class Hangs(Backend):
        def get_password(self, service: str, name: str) -> str | None:
            answer.wait()
            return None

    one = over(Hangs(), patience=0.01)
    assert unavailable(lambda: one.look("x"))
    assert unavailable(lambda: one.look("x")), "also while the first is still being asked"
    answer.set()


def test_none_is_none() -> None:
    one = NoCustodian()
    assert not one.available()
    for act in (lambda: one.look("x"), lambda: one.forget("x"), lambda: one.keep("x", b"")):
        assert unavailable(act)


def test_both_are_what_the_desk_wants() -> None:
    from valise.desk import ports

    for one in (NoCustodian(), find()):
        held: ports.Custodian = one
        assert isinstance(held, Custodian)


# which backend


def test_every_trusted_backend_is_there_under_its_name() -> None:
    from importlib import import_module

    for module, name in ALLOWED.values():
        assert isinstance(getattr(import_module(module), name), type)
        assert not {"null", "fail", "chainer", "file"} & set(module.split("."))


def test_neither_variable_nor_file_names_another(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's own search would take both of these."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    config = tmp_path / "python_keyring"
    config.mkdir()
    (config / "keyringrc.cfg").write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    import keyring.core

    keyring.core.init_backend()
    assert type(keyring.core.get_keyring()).__module__ == "keyring.backends.null"
    monkeypatch.setattr(keyrings, "import_module", _only_the_trusted)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert not find().available()
    keyring.core._keyring_backend = None


def _only_the_trusted(name: str) -> Any:
    from importlib import import_module

    assert name in {module for module, _ in ALLOWED.values()}
    return import_module(name)


def test_on_windows_it_stays_on_this_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    class Locker(Backend):
        priority = 5
        persist = "enterprise"

    class Module:
        WinVaultKeyring = Locker

    monkeypatch.setattr(keyrings, "import_module", lambda _name: Module)
    assert keyrings._backend("win32").persist == "local machine"


def test_a_backend_that_cannot_work_here_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    class Low(Backend):
        priority = 0

    class Module:
        Keyring = Low

    monkeypatch.setattr(keyrings, "import_module", lambda _name: Module)
    for platform in ("linux", "plan9"):
        assert unavailable(lambda platform=platform: keyrings._backend(platform))


def test_nothing_is_loaded_before_it_is_asked() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import sys\nfrom pathlib import Path\nfrom valise.bootstrap import gate\n"
         "gate(Path('nowhere')).can_unlock_by()\nprint([n for n in ('keyring', 'secretstorage', 'jeepney', 'nacl', "
         "'shamir_mnemonic', 'sqlcipher3') if n in sys.modules])"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert told.stdout.strip() == "[]"
