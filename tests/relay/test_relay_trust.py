"""Whom the carrier believes to be the relay, and through whom it goes there."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.relay import papers
from tests.relay.boxes import JWT, XA, Box, Reader, carriers, ids, parcels, seed, token
from tests.relay.proxies import Proxy, proxy
from tests.relay.servers import HOST, Node, free_port, provision, single

from valise.carriers.abc import Outcome
from valise.carriers.relay import RelayCarrier, trust
from valise.domain.errors import Unavailable
from valise.domain.relay import Address, Server

Make = Callable[..., RelayCarrier]
WRONG = "0" * 64
INBOX = "everywhere"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("relay")


@pytest.fixture(scope="module")
def authority(folder: Path) -> papers.Authority:
    return papers.Authority(folder / "papers")


@pytest.fixture(scope="module")
def paper(authority: papers.Authority) -> papers.Server:
    return authority.server()


@contextmanager
def running(folder: Path, paper: papers.Server) -> Iterator[Node]:
    with single(folder, websocket=True, certificate=paper.files) as one:
        provision([one.url], INBOX, [], unseen=True)
        yield one


@pytest.fixture(scope="module")
def node(folder: Path, paper: papers.Server) -> Iterator[Node]:
    with running(folder / "node", paper) as one:
        yield one


@pytest.fixture(scope="module")
def plain(folder: Path) -> Iterator[Node]:
    """For what is not about TLS; the streams of `box` are made on it, too."""
    with single(folder / "plain", websocket=True) as one:
        yield one


@pytest.fixture(scope="module")
def through(folder: Path, node: Node) -> Iterator[Proxy]:
    with proxy(folder / "proxy", node.websocket) as one:
        yield one


@pytest.fixture
def make() -> Iterator[Make]:
    with carriers() as made:
        yield made


def address(server: Server) -> Address:
    """Of an inbox that every server of these tests has."""
    return Address(server, INBOX, token(), JWT, seed(), 2**50)


def tried(make: Make, server: Server, **more: str) -> str:
    """What trying to write there comes to: "" = spoken to."""
    to = address(server)
    found = make(None, {XA: to}, **more).probe(to.inbox)
    return "" if found.seen[:1] == ("connected",) else found.code


def urls(node: Node) -> tuple[str, ...]:
    return node.url, node.websocket_url


def test_the_authority_says_who_it_is(make: Make, node: Node, authority: papers.Authority, folder: Path) -> None:
    other = papers.Authority(folder / "other", "Relay authority")
    for url in urls(node):
        assert tried(make, Server((url,), ca=authority.pem)) == ""
        assert tried(make, Server((url,), ca=other.pem)) == "relay.untrusted"
        assert tried(make, Server((url,))) == "relay.untrusted"  # not one of this computer's
        assert tried(make, Server((url,), ca=other.pem + authority.pem)) == ""
        assert tried(make, Server((url,), ca="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")) == "relay.untrusted"


def test_the_pin_says_who_it_is(make: Make, node: Node, authority: papers.Authority, paper: papers.Server, folder: Path) -> None:
    other = papers.Authority(folder / "other", "Relay authority")
    for url in urls(node):
        assert tried(make, Server((url,), pin=paper.pin)) == ""
        assert tried(make, Server((url,), pin=WRONG)) == "relay.untrusted"
        assert tried(make, Server((url,), ca=authority.pem, pin=paper.pin)) == ""
        assert tried(make, Server((url,), ca=authority.pem, pin=WRONG)) == "relay.untrusted"
        assert tried(make, Server((url,), ca=other.pem, pin=paper.pin)) == "relay.untrusted"


def test_a_certificate_for_elsewhere_or_of_yesterday(make: Make, authority: papers.Authority, folder: Path) -> None:
    for name, paper in (
        ("elsewhere", authority.server("elsewhere", ["127.0.0.9"])),
        ("expired", authority.server("expired", days=-1)),
    ):
        with running(folder / name, paper) as node:
            for url in urls(node):
                assert tried(make, Server((url,), ca=authority.pem)) == "relay.untrusted"
                assert tried(make, Server((url,), pin=paper.pin)) == ""  # the key is what was meant


class Listener:
    """Somebody at a port who says one thing and notes all he hears."""

    def __init__(self, greeting: bytes) -> None:
        self.port = free_port()
        self.heard = bytearray()
        self._greeting = greeting
        self._door = socket.create_server((HOST, self.port))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        try:
            while True:
                line, _ = self._door.accept()
                with line:
                    line.settimeout(10)
                    line.sendall(self._greeting)
                    try:
                        while more := line.recv(65536):
                            self.heard += more
                    except OSError:
                        continue
        except OSError:
            return

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()


@contextmanager
def listener(greeting: bytes) -> Iterator[Listener]:
    one = Listener(greeting)
    try:
        yield one
    finally:
        one.close()


def info(**said: object) -> bytes:
    held = {"server_id": "X", "version": "2.14.3", "headers": True, "max_payload": 1048576, "nonce": "abc", "auth_required": True}
    return b"INFO " + json.dumps(held | said).encode() + b"\r\n"


def test_nothing_is_said_in_the_clear(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever stands between could leave out that the relay wants TLS."""
    monkeypatch.setattr("valise.carriers.relay.session.CONNECT_PATIENCE", 1.0)
    with listener(info()) as one:
        assert tried(make, Server((f"tls://{HOST}:{one.port}",), pin=WRONG)) == "relay.untrusted"
        assert tried(make, Server((f"tls://{HOST}:{one.port}",))) == "relay.untrusted"
        assert one.heard == b""
    with listener(info(tls_required=True)) as one:
        assert tried(make, Server((f"tls://{HOST}:{one.port}",))) in ("relay.untrusted", "carrier.unreachable")
        assert b"CONNECT" not in one.heard
        assert JWT.encode() not in one.heard


def test_a_redirection_leads_nowhere(make: Make, plain: Node, authority: papers.Authority, paper: papers.Server) -> None:
    """A relay's front could send us to somebody without TLS."""
    import ssl

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*map(str, paper.files))
    with socket.create_server((HOST, 0)) as door:
        port = door.getsockname()[1]

        def serve() -> None:
            raw, _ = door.accept()
            with context.wrap_socket(raw, server_side=True) as line:
                line.recv(65536)
                line.sendall(
                    f"HTTP/1.1 302 Found\r\nLocation: http://{HOST}:{plain.websocket}/\r\nContent-Length: 0\r\n\r\n".encode()
                )

        thread = threading.Thread(target=serve)
        thread.start()
        assert tried(make, Server((f"wss://{HOST}:{port}",), ca=authority.pem)) == "relay.untrusted"
        thread.join()


def test_an_old_server_is_refused_but_on_this_computer(make: Make, plain: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Box([plain])
    writer = make(None, {XA: box.address()})
    assert writer.put(parcels(1)).outcomes == (Outcome.ACCEPTED,)
    monkeypatch.setattr(trust, "LOOPBACK", ())
    posted = make(None, {XA: box.address()}).put(parcels(1, draw=1))
    assert posted.outcomes == (Outcome.RETRY,)
    assert posted.why == {XA: "relay.old"}
    carrier = make(box.mailbox())
    assert carrier.probe().code == "relay.old"
    with pytest.raises(Unavailable) as caught:
        carrier.fetch(frozenset({XA}), b"", 10, lambda names: ())
    assert caught.value.code == "relay.old"


def test_nothing_is_said_to_an_old_server(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trust, "LOOPBACK", ())
    for said in ({"version": "2.12.11"}, {"version": ["2.14.3"]}, {"headers": False}, {"max_payload": "many"}):
        with listener(info(**said)) as one:
            assert tried(make, Server((f"nats://{HOST}:{one.port}",))) == "relay.old"
            assert one.heard == b""


@pytest.mark.parametrize(
    ("version", "good"),
    [
        ("2.9.10", False), ("2.11.99", False), ("2.12.11", False), ("2.12.12", True), ("2.12.40", True), ("2.13.0", False),
        ("2.13.9", False), ("2.14.0", False), ("2.14.2", False), ("2.14.3", True), ("2.15.0", True), ("3.0.0", True),
        ("2.14.3-RC.1", False), ("2.15.0-beta", False), ("2.15", False), ("", False), ("two", False), (None, False), (214, False),
        ("2.14.3\n", False), ("٢.١٤.٣", False), ("9" * 5000 + ".0.0", False),
    ],
)  # fmt: skip
def test_versions(version: object, good: bool) -> None:
    assert trust.new_enough(version) is good


@pytest.mark.parametrize(
    "greeting",
    [
        b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"SSH-2.0-OpenSSH\r\n", b"INFO \r\n", b"INFO {\r\n", b"INFO []\r\n", b"INFO 1\r\n",
        b"INFO " + b"[" * 20_000 + b"\r\n", b"INFO {" + b"x" * 200_000, b"\x00" * 70_000, info(nonce=1), info(nonce="\u00e9"),
        info() + b"INFO {}\r\n", info() + b"+OK\r\n", info() + b"-ERR\r\n", info() + b"-ERR 'Maximum Connections Exceeded'\r\n",
    ],
)  # fmt: skip
def test_whoever_else_answers_is_not_a_relay(make: Make, greeting: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("valise.carriers.relay.session.CONNECT_PATIENCE", 1.0)
    with listener(greeting) as one:
        assert tried(make, Server((f"nats://{HOST}:{one.port}",))) == "carrier.unreachable"


def test_a_refused_credential_and_one_that_has_ended(make: Make) -> None:
    with listener(info() + b"-ERR 'Authorization Violation'\r\n") as one:
        server = Server((f"nats://{HOST}:{one.port}",))
        assert tried(make, server) == "relay.refused"
        ended = Address(server, token(), token(), JWT, seed(), 1)
        writer = make(None, {XA: ended})
        posted = writer.put(parcels(2))
        assert posted.outcomes == (Outcome.REFUSED,) * 2
        assert posted.why == {XA: "relay.expired"}
        heard = one.heard.count(b"CONNECT")
        assert writer.put(parcels(2)).why == {XA: "relay.expired"}
        assert one.heard.count(b"CONNECT") == heard  # and is not asked again so soon
    assert b'"jwt": "' + JWT.encode() in one.heard
    assert ended.seed.encode() not in one.heard


def test_a_relay_that_floods(make: Make) -> None:
    """A message announced with a terabyte, a line without an end: the connection ends, the memory does not."""
    for flood in (b"MSG a 1 1000000000000\r\n" + b"x" * 100_000, b"MSG " + b"x" * 200_000):
        with listener(info() + b"PONG\r\n" + flood) as one:
            to = address(Server((f"nats://{HOST}:{one.port}",)))
            posted = make(None, {XA: to}).put(parcels(1))
            assert posted.why == {XA: "carrier.unreachable"}


def test_through_a_proxy_with_a_password(
    make: Make, node: Node, through: Proxy, authority: papers.Authority, paper: papers.Server
) -> None:
    server = Server((node.websocket_url,), ca=authority.pem, pin=paper.pin)
    assert tried(make, server, proxy=through.url()) == ""
    assert f"CONNECT {HOST}:{node.websocket}" in through.said()
    assert tried(make, server, proxy=through.url("officer:wrong@")) == "relay.proxy"
    assert tried(make, server, proxy=through.url("")) == "relay.proxy"
    assert tried(make, server, proxy=f"http://{HOST}:{free_port()}") == "relay.proxy"
    assert tried(make, server, proxy="https://proxy") == "relay.proxy"
    assert tried(make, server, proxy="http://[::1") == "relay.proxy"
    assert tried(make, Server(server.urls, pin=WRONG), proxy=through.url()) == "relay.untrusted"


def test_nothing_goes_past_a_proxy(make: Make, node: Node, through: Proxy, authority: papers.Authority) -> None:
    straight = Server((node.url,), ca=authority.pem)
    assert tried(make, straight) == ""
    assert tried(make, straight, proxy=through.url()) == "relay.proxy"
    both = Server((node.url, node.websocket_url), ca=authority.pem)
    assert tried(make, both, proxy=through.url()) == ""


def test_a_proxy_that_does_not_reach_it(make: Make, folder: Path, authority: papers.Authority) -> None:
    nobody = free_port()
    with proxy(folder / "narrow", nobody) as one:
        gone = Server((f"wss://{HOST}:{nobody}",), ca=authority.pem)
        assert tried(make, gone, proxy=one.url()) == "carrier.unreachable"
        forbidden = Server((f"wss://{HOST}:{free_port()}",), ca=authority.pem)
        assert tried(make, forbidden, proxy=one.url()) == "relay.proxy"


def test_the_environment_is_not_asked(make: Make, node: Node, authority: papers.Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "wss_proxy"):
        monkeypatch.setenv(name, f"http://{HOST}:{free_port()}")
    monkeypatch.setenv("SSL_CERT_FILE", str(node.folder / "nothing"))
    assert tried(make, Server((node.websocket_url,), ca=authority.pem)) == ""


def test_parcels_over_all_of_it(make: Make, folder: Path, authority: papers.Authority, paper: papers.Server) -> None:
    """wss through the proxy, with authority and pin, and tls on the other port of the same server."""
    with running(folder / "whole", paper) as one:
        straight = Server((one.url,), ca=authority.pem)
        box = Box([one], server=straight, unseen=True)
        with proxy(folder / "another", one.websocket) as way:
            around = Server((one.websocket_url,), ca=authority.pem, pin=paper.pin)
            sent = [*parcels(50), *parcels(2, size=250_000, draw=1)]
            writer = make(None, {XA: box.address(server=around)}, proxy=way.url())
            assert set(writer.put(sent).outcomes) == {Outcome.ACCEPTED}
            reader = Reader(make(box.mailbox()))
            reader.until(lambda: len(reader.got) == 52)
            assert sorted(reader.ids()) == sorted(ids(sent))
