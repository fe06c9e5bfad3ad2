"""What `valise relay config` writes, and what it leaves alone when it is run again."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from tests.relay import servers

from valise.carriers.relay import jwt
from valise.cli import run
from valise.domain.errors import Refused
from valise.domain.relay import Server
from valise.operator import accounts, plan, serverconf, streams, tls
from valise.operator.keys import Ring
from valise.protocol import relaykit

HOSTS = "a.example.org,b.example.org,c.example.org"


def config(folder: Path, *more: str) -> int:
    return run(["relay", "config", str(folder), *more])


def tree(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file()}


def held(folder: Path, name: str) -> relaykit.Kit:
    return relaykit.decode((folder / "kits" / f"{name}.valise-relay").read_bytes())


def test_again_adds_and_renews_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "relay"
    assert config(folder, "--host", "relay.example.org", "--delegation", "XA:laptops=2", "--label", "Relay of Aurelia") == 0
    first = tree(folder)
    assert config(folder) == 0
    assert tree(folder) == first
    assert "nothing new" in capsys.readouterr().out
    assert config(folder, "--delegation", "XA:laptops=3", "--delegation", "XB") == 0
    second = tree(folder)
    changed = {name for name in first if first[name] != second[name]}
    assert changed == {
        "relay.json", "agent/relay.json", "servers/n1/accounts.conf", "servers/n1/nats-server.conf",
    }  # fmt: skip
    added = {name for name in second if name not in first and name.startswith("kits/")}
    assert added == {"kits/XA-3.valise-relay", "kits/XB-1.valise-relay"}


def test_kits_fit_the_plan(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    config(folder, "--cluster", HOSTS, "--tls-port", "4443", "--delegation", "XA:laptops=2", "--label", "Relay of Aurelia")
    made = plan.load(folder)
    one = made.delegation("XA")
    kits = [held(folder, "XA-1"), held(folder, "XA-2")]
    assert [kit.mailbox.seat for kit in kits] == [laptop.seat for laptop in one.laptops]
    assert len({kit.mailbox.seed for kit in kits}) == 2
    for kit in kits:
        assert kit.mailbox.inbox == one.inbox and kit.label == "Relay of Aurelia"
        assert kit.mailbox.server.urls[:3] == tuple(f"wss://{host}:443" for host in HOSTS.split(","))
        assert kit.mailbox.server.urls[3:] == tuple(f"tls://{host}:4443" for host in HOSTS.split(","))
        assert kit.mailbox.server.ca.startswith("-----BEGIN CERTIFICATE-----")
        assert kit.minting.account == one.writers
        token = jwt.decode(kit.mailbox.jwt, "user")
        assert token.nats["issuer_account"] == one.seats and token.name == kit.mailbox.seat and token.expires == 0


def test_a_laptop_may_have_an_end(tmp_path: Path) -> None:
    config(tmp_path / "r", "--host", "relay.example.org", "--delegation", "XA", "--laptop-days", "400")
    kit = held(tmp_path / "r", "XA-1")
    assert kit.mailbox.expires == jwt.decode(kit.mailbox.jwt, "user").expires * 1000 > 0


@pytest.mark.skipif(os.name != "posix", reason="no such modes")
def test_secrets_are_for_nobody_else(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    config(folder, "--cluster", HOSTS, "--delegation", "XA")
    secret = [one for one in folder.rglob("*") if one.is_file() and any(
        word in one.read_bytes() for word in (b"PRIVATE KEY", b"\nSU", b"SO", b"SA", b"VALISE-RELAY-1")
    ) and one.suffix not in (".jwt", ".crt", ".conf", ".service", ".txt")]  # fmt: skip
    assert len(secret) > 15
    for one in [*secret, folder / "relay.json"]:
        assert stat.S_IMODE(one.stat().st_mode) == 0o600, one
    for one in (folder, folder / "offline", folder / "keys", folder / "kits"):
        assert stat.S_IMODE(one.stat().st_mode) == 0o700


def test_nothing_but_offline_holds_the_operators_key(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    config(folder, "--cluster", HOSTS, "--delegation", "XA")
    seed = (folder / "offline" / "operator.seed").read_bytes().strip()
    signing = (folder / "keys" / "signing.seed").read_bytes().strip()
    where = {name for name, data in tree(folder).items() if seed in data}
    assert where == {"offline/operator.seed"}
    assert {name for name, data in tree(folder).items() if signing in data} == {"keys/signing.seed", "agent/keys/signing.seed"}
    seeds = re.compile(rb"\bS[AUO][A-Z2-7]{56}\b")
    assert not any(name.startswith("servers/") and seeds.search(data) for name, data in tree(folder).items())
    for name in ("operator.seed", "authority.key", "authority.crt"):
        (folder / "offline" / name).unlink()
    assert config(folder, "--delegation", "XB:laptops=2") == 0  # more delegations need nothing of it


def test_operator_and_accounts_are_signed_as_servers_want_it(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    config(folder, "--host", "relay.example.org", "--delegation", "XA")
    made = plan.load(folder)
    operator = jwt.decode((folder / "accounts" / "operator.jwt").read_text(), "operator")
    assert operator.issuer == operator.subject == made.operator
    assert operator.nats["signing_keys"] == [made.signing] and operator.nats["strict_signing_key_usage"] is True
    for named in accounts.all_of(made, Ring(folder)):
        token = jwt.decode((folder / "accounts" / f"{named.name}.jwt").read_text(), "account")
        assert (token.issuer, token.subject) == (made.signing, named.public)
        limits = token.nats["limits"]
        assert limits["leaf"] == 0 and limits["disallow_bearer"] is True
        assert ("disk_storage" in limits) == named.name.endswith("-store")
        for key in token.nats["signing_keys"]:
            assert key["kind"] == "user_scope" and "deny" not in json.dumps(key)
            assert ">" not in key["template"]["pub"]["allow"] and ">" not in key["template"]["sub"]["allow"]


def test_the_configuration_says_what_the_design_wants(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    config(folder, "--cluster", HOSTS, "--delegation", "XA")
    text = (folder / "servers" / "n2" / "nats-server.conf").read_text()
    for line in (
        "sync_interval: always", "compression: false", "compression: off", "verify: true", 'listen: "0.0.0.0:443"',
        'listen: "127.0.0.1:4222"', 'min_version: "1.3"', "no_advertise: true", "allow_delete: false",
    ):  # fmt: skip
        assert line in text
    for word in ("mqtt", "no_auth_user", "leafnodes", "no_tls", "debug", "trace"):
        assert word not in text
    assert "tls://b.example.org" not in text.partition("routes: [")[2]
    assert serverconf.PAYLOAD > plan.MOST_LARGE > 262_144 + 1024
    unit = (folder / "servers" / "n2" / "valise-relay.service").read_text()
    assert "ProtectSystem=strict" in unit and "CAP_NET_BIND_SERVICE" in unit and "User=valise-relay" in unit
    assert (folder / "servers" / "n1" / "valise-relay-agent.service").exists()
    assert not (folder / "servers" / "n2" / "valise-relay-agent.service").exists()
    assert "a.example.org" in (folder / "CHECKLIST.txt").read_text()


def test_one_writer_fills_a_sixteenth(tmp_path: Path) -> None:
    config(tmp_path / "r", "--host", "relay.example.org", "--delegation", "XA", "--capacity", "8")
    made = plan.load(tmp_path / "r")
    for large in (False, True):
        one = streams.stream(made, made.delegation("XA"), large=large)
        assert one["max_msgs_per_subject"] * one["max_msg_size"] * plan.SHARE <= one["max_bytes"] == 4 * plan.GIB
        assert one["retention"] == "interest" and one["deny_purge"] is one["deny_delete"] is True
        assert one["discard"] == "new" and one["discard_new_per_subject"] is True
        assert one["max_age"] == 60 * 86_400 * 10**9 and one["duplicate_window"] == 600 * 10**9


def test_the_server_takes_it(tmp_path: Path) -> None:
    """The version of this computer, which is only for tests: the configuration for it leaves out what it refuses."""
    folder, state = tmp_path / "relay", tmp_path / "state"
    (state / "accounts").mkdir(parents=True)
    config(folder, "--host", "localhost", "--server", "2.9", "--here", "--state", str(state), "--delegation", "XA", "--tls-port", "4443")
    text = (folder / "servers" / "n1" / "nats-server.conf").read_text()
    assert "sync_interval" not in text and "min_version" not in text
    asked = [servers.SERVER, "-t", "-c", str(folder / "servers" / "n1" / "nats-server.conf")]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=20, check=False)
    assert said.returncode == 0, said.stderr


def test_certificates(tmp_path: Path) -> None:
    folder = tmp_path / "relay"
    config(folder, "--cluster", HOSTS)
    authority = x509.load_pem_x509_certificate((folder / "offline" / "authority.crt").read_bytes())
    place = folder / "servers" / "n1" / "server.crt"
    before = place.read_bytes()
    for node, host in zip(("n1", "n2", "n3"), HOSTS.split(","), strict=True):
        for name in ("server", "route"):
            made = x509.load_pem_x509_certificate((folder / "servers" / node / f"{name}.crt").read_bytes())
            made.verify_directly_issued_by(authority)
            names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            assert host in names.get_values_for_type(x509.DNSName)
            assert not made.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert config(folder, "--renew-tls") == 0
    assert place.read_bytes() != before and tls.pin(place.read_bytes()) == tls.pin(before)  # same key: a pin stays right


def test_a_ministrys_own_certificate(tmp_path: Path) -> None:
    other, folder = tmp_path / "other", tmp_path / "relay"
    config(other, "--host", "relay.example.org")
    crt = other / "servers" / "n1" / "server.crt"
    asked = ["--host", "relay.example.org", "--certificate", "/etc/ssl/relay.pem", "--key", "/etc/ssl/relay.key"]
    assert config(folder, *asked, "--pin", str(crt), "--delegation", "XA") == 0
    text = (folder / "servers" / "n1" / "nats-server.conf").read_text()
    assert 'cert_file: "/etc/ssl/relay.pem"' in text and not (folder / "servers" / "n1" / "server.crt").exists()
    server = held(folder, "XA-1").mailbox.server
    assert server == Server(("wss://relay.example.org:443",), "", tls.pin(crt.read_bytes()))
    first = tree(folder)
    assert config(folder) == 0 and tree(folder) == first


@pytest.mark.parametrize(
    "asked",
    [
        [],
        ["--cluster", "a,b"],
        ["--host", "bad host"],
        ["--host", "a", "--delegation", "xa"],
        ["--host", "a", "--delegation", "XA:laptops=0"],
        ["--host", "a", "--delegation", "XA:laptops=33"],
        ["--host", "a", "--delegation", "XA:seats=1"],
        ["--host", "a", "--delegation", "XA", "--delegation", "XA"],
        ["--host", "a", "--server", "2.9"],
        ["--host", "a", "--certificate", "/x"],
        ["--host", "a", "--label", "x" * 81],
        ["--cluster", HOSTS, "--single"],
    ],
)
def test_what_cannot_be(tmp_path: Path, asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert config(tmp_path / "relay", *asked) == 4
    assert "cannot be done" in capsys.readouterr().err
    assert not (tmp_path / "relay" / plan.NAME).exists()


def test_other_servers_need_another_folder(tmp_path: Path) -> None:
    config(tmp_path / "relay", "--host", "a.example.org")
    assert config(tmp_path / "relay", "--host", "b.example.org") == 4


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"v":2}', '{"v":1,"nodes":[{}]}', '{"v":1,"nodes":3}'])
def test_a_torn_folder_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / plan.NAME).write_text(text)
    with pytest.raises(Refused, match=r"relay\.plan"):
        plan.load(tmp_path)


def test_without_a_relay_every_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (["provision"], ["check"], ["agent"], ["revoke", "U" * 56]):
        assert run(["relay", asked[0], str(tmp_path), *asked[1:]]) == 4
        assert "no relay in this folder" in capsys.readouterr().err
