"""Safety numbers and the word list."""

from __future__ import annotations

import hashlib
import re

from valise.protocol import canonical, identity, safety

from .made import card as made_card
from .made import other_root, refused, root


def test_both_sides_see_the_same() -> None:
    one = safety.safety_number(root().public, other_root().public)
    assert one == safety.safety_number(other_root().public, root().public)
    assert len(one.digits) == len(one.words) == 12
    assert all(re.fullmatch(r"\d{5}", group) for group in one.digits)
    assert set(one.words) <= set(safety.words())


def test_the_construction_written_out() -> None:
    """So that another program can check it: nothing here calls what it tests except for the word list."""
    prints = {}
    for public in (root().public, other_root().public):
        held = b"valise/v1/fingerprint\x00" + public
        for _ in range(5200):
            held = hashlib.sha512(held + public).digest()
        prints[identity.delegation_id(public)] = held
    (id_a, a), (id_b, b) = sorted(prints.items())
    made = safety.safety_number(root().public, other_root().public)
    assert made.digits == tuple(
        f"{int.from_bytes(side[5 * n : 5 * n + 5], 'big') % 100_000:05d}" for side in (a, b) for n in range(6)
    )
    bits = [f"{int.from_bytes(side[32:41], 'big'):072b}"[:66] for side in (a, b)]
    assert made.words == tuple(safety.words()[int(side[11 * n : 11 * n + 11], 2)] for side in bits for n in range(6))
    assert made.qr == f"VALISE1:{id_a}:{id_b}:{canonical.b64u(a)}:{canonical.b64u(b)}"


def test_another_root_changes_its_half_and_nothing_else() -> None:
    third = identity.Root(b"\x55" * 64)
    one = safety.safety_number(root().public, other_root().public)
    two = safety.safety_number(root().public, third.public)
    assert len(set(one.digits) & set(two.digits)) == 6
    assert len(set(one.words) & set(two.words)) == 6
    assert one.qr != two.qr


def test_qr_codes() -> None:
    text = safety.safety_number(root().public, other_root().public).qr
    assert safety.same_qr(f" {text}\n", other_root().public, root().public)
    for spoilt in ("", text[:-1], text.lower(), text + "A", text.replace("VALISE1", "VALISE2"), "\ud800"):
        assert not safety.same_qr(spoilt, root().public, other_root().public)


def test_what_has_no_number() -> None:
    assert refused(lambda: safety.safety_number(root().public, root().public)) == "safety.same"
    assert refused(lambda: safety.safety_number(root().public, b"x")) == "safety.key"


def test_fingerprint_for_the_contact_page() -> None:
    shown = safety.readable_fingerprint(root().public)
    assert bytes.fromhex(shown) == canonical.unb64u(root().delegation)
    assert [len(group) for group in shown.split(" ")] == [4] * 16


def test_words_are_distinct_and_far_apart() -> None:
    listed = safety.words()
    assert len(listed) == len(set(listed)) == 2048
    assert list(listed) == sorted(listed)
    assert all(re.fullmatch(r"[a-z]{4,8}", word) for word in listed)
    # No two differ by one letter (changed, added or left out): leave each letter out in turn and compare.
    seen: dict[str, str] = {}
    for word in listed:
        for shorter in {word, *(word[:n] + "." + word[n + 1 :] for n in range(len(word)))}:
            assert seen.setdefault(shorter, word) == word
    for word in listed:
        assert not {word[:n] + word[n + 1 :] for n in range(len(word))} & set(listed)


def test_a_code_is_made_for_a_laptop_of_the_card_only() -> None:
    card = made_card()
    own = card.devices[0].certificate.device
    assert safety.identity_code(card, own).split(":")[5] == own
    assert refused(lambda: safety.identity_code(card, "A" * 43)) == "safety.key"
