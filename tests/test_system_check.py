"""The check that runs before anything is downloaded: what it finds missing, what it says, when it installs."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "packaging" / "system_check.py"


@pytest.fixture
def check(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, on a Debian where an officer's account lacks two libraries."""
    spec = importlib.util.spec_from_file_location("system_check", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "system_check", module)
    spec.loader.exec_module(module)
    lacking = {"libxcb-cursor.so.0", "libEGL.so.1"}
    monkeypatch.setitem(module.PROBES, "lib", lambda name: name not in lacking)
    for kind in ("font", "prog", "module"):
        monkeypatch.setitem(module.PROBES, kind, lambda name: True)
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: pytest.fail("nothing may be started"))
    return module


def test_the_one_exact_command_is_said(check: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["run"]) == 1
    told = capsys.readouterr().err
    assert "sudo apt-get install -y --no-install-recommends libegl1 libxcb-cursor0\n" in told
    assert "libEGL.so.1" in told


def test_as_root_it_installs_without_asking_and_looks_again(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[list[str], dict[str, str]]] = []

    def run(command: list[str], *, env: dict[str, str], **more: object) -> subprocess.CompletedProcess[bytes]:
        calls.append((command, env))
        if "install" in command:
            monkeypatch.setitem(check.PROBES, "lib", lambda name: True)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", run)
    assert check.main(["run"]) == 0
    assert [("update" in command, "install" in command) for command, _ in calls] == [(True, False), (False, True)]
    assert calls[1][0][-2:] == ["libegl1", "libxcb-cursor0"]
    assert all(env["DEBIAN_FRONTEND"] == "noninteractive" for _, env in calls)
    assert capsys.readouterr().err == ""


def test_an_install_that_did_not_help_stops(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(subprocess, "run", lambda command, **k: subprocess.CompletedProcess(command, 100))
    assert check.main(["run"]) == 1
    assert "apt-get install" in capsys.readouterr().err


def test_looking_only_installs_nothing(check: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert check.main(["run", "--only-look"]) == 1


def test_elsewhere_than_debian(
    check: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert check.main(["run"]) == 1
    assert "package manager" in capsys.readouterr().err
    monkeypatch.setitem(check.PROBES, "lib", lambda name: True)
    monkeypatch.setitem(check.PROBES, "font", lambda name: False)
    assert check.main(["run"]) == 0
    assert "fonts" in capsys.readouterr().err
    monkeypatch.setattr(check.sys, "platform", "darwin")
    assert check.main(["run", "test"]) == 0


def test_groups_are_looked_at_apart(check: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(check.PROBES, "lib", lambda name: True)
    monkeypatch.setitem(check.PROBES, "prog", lambda name: False)
    assert check.main(["run"]) == 0
    assert check.main(["run", "test"]) == 1


def test_the_list_is_understood_and_holds_what_the_window_needs(check: ModuleType) -> None:
    needs = check.read(check.LIST.read_text("utf-8"))
    assert {"fonts-noto-core", "fonts-noto-cjk", "libgl1", "libegl1", "libxcb-cursor0"} <= set(check.packages(needs))
    assert {need.package for need in needs if need.group == "test"} == {
        "xvfb", "xauth", "libreoffice-writer-nogui", "poppler-utils", "dbus", "gnome-keyring", "gcc", "libc6-dev",
        "nats-server", "tinyproxy", "iproute2", "tcpdump", "at-spi2-core", "openbox", "xdotool",
    }  # fmt: skip
    with pytest.raises(ValueError, match="probe"):
        check.read("run x wish:y")


def test_probes_are_real(check: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check.library("libc.so.6")
    assert not check.library("libno-such-thing.so.99")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "other"))
    (tmp_path / "fonts/deep").mkdir(parents=True)
    assert not check.font("NotoSans-")
    (tmp_path / "fonts/deep/NotoSansMono-Regular.ttf").touch()
    assert not check.font("NotoSans-")
    (tmp_path / "fonts/deep/NotoSans[wght].ttf").touch()
    assert check.font("NotoSans-")
