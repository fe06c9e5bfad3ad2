"""Keys, tokens and credentials of NATS, against published values and against a real server (test_operator_running)."""

from __future__ import annotations

import base64
import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.signing import SigningKey

from valise.carriers.relay import credentials, jwt, nkeys, revoking
from valise.carriers.relay.nkeys import Kind
from valise.domain.errors import Refused
from valise.domain.relay import Minting

RAW = bytes(range(32))
OPERATOR, ACCOUNT, USER = (nkeys.seed(kind, RAW) for kind in (Kind.OPERATOR, Kind.ACCOUNT, Kind.USER))
# keys printed in NATS ADR-14, "JWT library free jwt user generation", Design
PRINTED = {
    "AACYICOAQMQ72EHT35R7LV6VFWMIVWFKWFE5P2JJ2TT674EO7DJTUHMM": Kind.ACCOUNT,
    "ADECCNBUEBWZ727OMBFSN7OMK2FPYRM52TJS25TFQWYS76NPOJBN3KU4": Kind.ACCOUNT,
    "UD44C3VDAEYG527W3VPY353B3C6LIWJNW77GJED7MM5WIPGRUEVPHRZ5": Kind.USER,
}
NOW = 1_795_000_000_000


def flipped(letters: str) -> list[str]:
    """Every other letter at every place."""
    return [letters[:n] + other + letters[n + 1 :] for n in range(len(letters)) for other in nkeys_letters if other != letters[n]]


nkeys_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def test_printed_keys_are_read() -> None:
    for letters, kind in PRINTED.items():
        found, raw = nkeys.read_public(letters)
        assert found is kind and len(raw) == 32


def test_first_letters_say_what_a_key_is_for() -> None:
    assert [one[:2] for one in (OPERATOR, ACCOUNT, USER)] == ["SO", "SA", "SU"]
    assert [nkeys.public(one)[0] for one in (OPERATOR, ACCOUNT, USER)] == ["O", "A", "U"]
    assert len(USER) == 58 and len(nkeys.public(USER)) == 56
    assert nkeys.read_seed(ACCOUNT) == (Kind.ACCOUNT, RAW)
    assert nkeys.read_public(nkeys.public(USER))[1] == bytes(SigningKey(RAW).verify_key)


def test_no_letter_may_differ() -> None:
    for letters, read in ((USER, nkeys.read_seed), (nkeys.public(USER), nkeys.read_public)):
        for other in flipped(letters):
            with pytest.raises(Refused, match=r"relay\.key"):
                read(other)


@pytest.mark.parametrize(
    "letters",
    ["", "S", USER.lower(), USER + "=", USER[:-1], USER + "A", " " + USER, USER.replace("S", "Ｓ", 1), nkeys.public(USER), "1" * 58],
)
def test_what_is_no_seed(letters: str) -> None:
    with pytest.raises(Refused, match=r"relay\.key"):
        nkeys.read_seed(letters)


def test_a_key_of_another_kind_is_refused() -> None:
    with pytest.raises(Refused):
        nkeys.read_seed(USER, Kind.ACCOUNT)
    with pytest.raises(Refused):
        nkeys.read_public(nkeys.public(ACCOUNT), Kind.USER)
    unknown = nkeys._letters(bytes((13 << 3,)) + RAW)  # a server's
    with pytest.raises(Refused):
        nkeys.read_public(unknown)


def test_a_point_that_verifies_anything_is_no_key() -> None:
    identity = bytes((1,)) + bytes(31)
    with pytest.raises(Refused):
        nkeys.read_public(nkeys._letters(bytes((Kind.USER,)) + identity))


def test_signatures() -> None:
    public = nkeys.public(USER)
    signed = nkeys.sign(USER, b"nonce")
    assert signed == SigningKey(RAW).sign(b"nonce").signature
    nkeys.verify(public, b"nonce", signed)
    for data, signature in ((b"nonces", signed), (b"nonce", signed[:-1]), (b"nonce", bytes(64)), (b"nonce", b"")):
        with pytest.raises(Refused, match=r"relay\.key"):
            nkeys.verify(public, data, signature)


@given(st.text(max_size=70))
@settings(max_examples=200, deadline=None)
def test_whatever_comes_is_refused_and_nothing_else(text: str) -> None:
    for read in (nkeys.read_seed, nkeys.read_public):
        with pytest.raises(Refused):
            read(text)
    for what in ("operator", "account", "user"):
        with pytest.raises(Refused):
            jwt.decode(text, what)  # type: ignore[arg-type]


# -- tokens


def part(token: str, number: int) -> dict[str, object]:
    letters = token.split(".")[number]
    return dict(json.loads(base64.urlsafe_b64decode(letters + "=" * (-len(letters) % 4))))


def user_token(**more: object) -> str:
    return jwt.encode("user", nkeys.public(USER), ACCOUNT, 100, name="abc", expires=200, nats={"issuer_account": "A", **more})


def test_a_token_says_what_was_given() -> None:
    token = user_token()
    held = jwt.decode(token, "user")
    assert (held.subject, held.issuer) == (nkeys.public(USER), nkeys.public(ACCOUNT))
    assert (held.name, held.issued, held.expires) == ("abc", 100, 200)
    assert held.nats == {"issuer_account": "A", "type": "user", "version": 2}
    assert part(token, 0) == {"typ": "JWT", "alg": "ed25519-nkey"}


def test_the_id_is_the_digest_of_the_registered_claims() -> None:
    """ADR-14 and nats-io/jwt v2: SHA-512/256 over the JSON without `jti` and without what is NATS's own, in base32."""
    said = f'{{"exp":200,"iat":100,"iss":"{nkeys.public(ACCOUNT)}","name":"abc","sub":"{nkeys.public(USER)}"}}'
    digest = hashlib.new("sha512_256", said.encode()).digest()
    assert part(user_token(), 1)["jti"] == base64.b32encode(digest).decode().rstrip("=")
    assert part(user_token(), 1)["jti"] == part(user_token(tags=["x"]), 1)["jti"]


def test_no_bit_of_a_token_may_differ() -> None:
    token = user_token()
    raw = token.encode()
    for at in range(len(raw)):
        for bit in range(8):
            other = bytearray(raw)
            other[at] ^= 1 << bit
            with pytest.raises(Refused):
                jwt.decode(other.decode("latin-1"), "user")


def signed_by(seed: str, header: str, body: str) -> str:
    def b64(data: bytes) -> str:
        return base64.urlsafe_b64encode(data).decode().rstrip("=")

    said = f"{b64(header.encode())}.{b64(body.encode())}"
    return f"{said}.{b64(nkeys.sign(seed, said.encode()))}"


def test_a_right_signature_is_not_enough() -> None:
    header = '{"typ":"JWT","alg":"ed25519-nkey"}'
    good = json.dumps(part(user_token(), 1))
    jwt.decode(signed_by(ACCOUNT, header, good), "user")
    other = json.loads(good)
    for seed, first, body in (
        (ACCOUNT, '{"typ":"JWT","alg":"none"}', good),
        (ACCOUNT, '{"typ":"JWT","alg":"ed25519-nkey","alg":"ed25519-nkey"}', good),
        (ACCOUNT, header, good[:-1] + ',"sub":"x"}'),
        (ACCOUNT, header, json.dumps({**other, "nats": {**other["nats"], "version": 1}})),
        (ACCOUNT, header, json.dumps({**other, "nats": {**other["nats"], "type": "account"}})),
        (ACCOUNT, header, json.dumps({**other, "iat": True})),
        (ACCOUNT, header, json.dumps({**other, "exp": 1.5})),
        (ACCOUNT, header, json.dumps({**other, "name": 1})),
        (ACCOUNT, header, json.dumps({**other, "sub": nkeys.public(ACCOUNT)})),
        (USER, header, json.dumps({**other, "iss": nkeys.public(USER)})),
        (ACCOUNT, header, "[]"),
        (ACCOUNT, header, "[" * 5000),
    ):
        with pytest.raises(Refused):
            jwt.decode(signed_by(seed, first, body), "user")


def test_only_the_right_kind_of_key_signs() -> None:
    with pytest.raises(Refused):
        jwt.encode("account", nkeys.public(ACCOUNT), ACCOUNT, 1)
    with pytest.raises(Refused):
        jwt.encode("user", nkeys.public(ACCOUNT), ACCOUNT, 1)


# -- credentials


def test_a_minted_credential_says_a_name_and_an_end_and_nothing_more() -> None:
    minting = Minting(nkeys.public(nkeys.seed(Kind.ACCOUNT, bytes(32))), ACCOUNT)
    token, seed, public = credentials.mint(minting, "abcdefgh", "slotslot", NOW + 86_400_000, NOW, lambda n: bytes(range(1, n + 1)))
    held = jwt.decode(token, "user")
    assert held.subject == public == nkeys.public(seed)
    assert held.nats == {"issuer_account": minting.account, "type": "user", "version": 2}  # a scoped key refuses any other
    assert (held.name, held.issued, held.expires) == ("slotslot", NOW // 1000, NOW // 1000 + 86_400)
    assert len(token) < 900


@pytest.mark.parametrize(("inbox", "slot", "expires"), [("abc.def", "slotslot", NOW), ("abcdefgh", "*", NOW), ("abcdefgh", "slotslot", 0)])
def test_names_are_tokens_and_credentials_end(inbox: str, slot: str, expires: int) -> None:
    minting = Minting(nkeys.public(ACCOUNT), ACCOUNT)
    with pytest.raises(Refused, match=r"relay\.address"):
        credentials.mint(minting, inbox, slot, expires, NOW, lambda n: bytes(range(n)))


def test_roles_allow_single_subjects() -> None:
    """Nothing wider than one's own slot or seat, nothing without the name in it, but the wish to take back."""
    writer = credentials.writer_scope(nkeys.public(ACCOUNT), "abcdefgh", -1)["template"]
    assert writer["pub"] == {"allow": ["inbox.abcdefgh.{{name()}}", "blob.abcdefgh.{{name()}}"]}
    assert writer["sub"] == {"allow": ["_W.{{name()}}.>"]}
    seat = credentials.seat_scope(nkeys.public(ACCOUNT), "abcdefgh", -1)["template"]
    assert seat["sub"] == {"allow": ["_D.{{name()}}.>"]}
    assert [one for one in seat["pub"]["allow"] if "{{name()}}" not in one] == ["revoke.abcdefgh"]
    assert all("abcdefgh" in one for one in seat["pub"]["allow"])
    assert {"MQTT", "LEAFNODE"}.isdisjoint(writer["allowed_connection_types"])


# -- the wish to take back


def test_requests_to_take_back() -> None:
    users = [nkeys.public(nkeys.seed(Kind.USER, bytes([n]) * 32)) for n in (3, 1, 2, 1)]
    assert revoking.read_request(revoking.request(users)) == tuple(sorted(set(users)))
    for bad in (b"", b"{}", b'{"users":[],"v":1}', b'{"users":["U"],"v":1}', b'{"users":"x","v":1}', b'{"users":[1],"v":1}', b"[" * 5000):
        with pytest.raises(Refused, match=r"relay\.revocation"):
            revoking.read_request(bad)
    with pytest.raises(Refused, match=r"relay\.key"):
        revoking.request([nkeys.public(ACCOUNT)])
