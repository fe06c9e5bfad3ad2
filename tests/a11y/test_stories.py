"""First start, verify, propose, agree, send and lock in the real program on a real screen: by AT-SPI names alone, and by
keyboard alone. Borovia answers from its own desk, over a shared folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.a11y.atspi import Ears
from tests.a11y.desktop import Desktop
from tests.a11y.hands import Listener, Reader, Typist
from tests.a11y.partner import Partner
from tests.a11y.story import WORDS, Story


@pytest.mark.parametrize("hands", [Reader, Typist])
def test_the_whole_story(hands: type[Listener], screen: Desktop, ears: Ears, partner: Partner, tmp_path: Path) -> None:
    program = screen.start("--vault", str(tmp_path / "XA"))
    story = Story(hands(screen, ears), partner, tmp_path)
    story.first_start()
    story.verify()
    story.propose()
    story.agree()
    story.send()
    story.lock()
    assert program.poll() is None  # the keeper is still there, and has started another window
    # Every program of the session can listen as we did: it heard what was written, and of the passphrase not one word.
    everything = [*ears.heard, *ears.written.values()]
    assert any("We can go along." in said for said in everything)
    assert not [said for said in everything if WORDS.split()[2] in said]
