"""Search finds what a scan finds (C8), in the languages of the talks, and never takes words for syntax."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from valise.vault import connection, search
from valise.vault.store import Store

# Made-up sentences; Arabic with and without vowel signs, French with its typography, Russian with and without ё.
SENTENCES = (
    "Delegations of XA and XB met again on the draft; nothing was agreed until everything was agreed.",
    "A co\u00adoperation clause, non\u2011binding, for \u2068Hesperia\u2069; e\u2011mail, points of contact (3 bis).",
    "La délégation propose : « réaffirmer l’usage responsable des réseaux »\u00a0; œuvre d'été, naïveté, ÉTAT.",
    "La delegación subraya que el señalamiento de incidentes no prejuzga la atribución; ¿cuándo? mañana, en sesión.",
    "Делегации согласились, что ещё не всё решено; ёлка, подъезд, чай, йод и край — по-прежнему в скобках.",
    "Делегации согласились, что еще не все решено; за́мок и замо́к.",
    "أَكَّدَتِ الوُفُودُ أَنَّ النَّصَّ لَمْ يُعْتَمَدْ بَعْدُ، وَأَنَّ إِجْرَاءَاتِ الثِّقَةِ مُهِمَّة",
    "اكدت الوفود ان النص لم يعتمد بعد وان اجراءات الثقة مهمة في المرحلة ١٢",
    "各代表团重申网络安全与建立信任措施，第12条第3款（b）项保留方括号。",
    "各代表團認為，ICT安全事件的通报应当及时；安全第一。",
    "委員会はサーバーの脆弱性について話し合った。데이터 보호에 관한 초안.",
    "Ἡ πρότασις, ὁδός ΟΔΟΣ; Straße STRASSE; İstanbul ılık; ﬁnal ½ ①; पहुँच नियंत्रण; ข้อเสนอ; שָׁלוֹם",
)
Row = tuple[str, str, str, int, str]


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store.create(tmp_path_factory.mktemp("search") / "vault", connection.new_key())
    yield store
    store.close()


@pytest.fixture
def empty(vault: Store) -> Store:
    with vault.write() as tx:
        search.clear(tx)
    return vault


def fill(store: Store, texts: list[str], kind: str = "message") -> None:
    with store.write() as tx:
        for n, text in enumerate(texts):
            search.index(tx, kind, str(n), "room", n, f"title {n}", text)


def refs(store: Store, query: str, limit: int = 10_000) -> list[str]:
    with store.read() as reader:
        return [row[1] for row in search.find(reader, query, limit)]


# -- what is found


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("cooperation", SENTENCES[1]), ("co-operation", "co-operation"), ("non-binding", SENTENCES[1]),
        ("hesperia e", SENTENCES[1]), ("e-mail", SENTENCES[1]), ("3 BIS", SENTENCES[1]), ("deleg", SENTENCES[0]),
        ("usage", SENTENCES[2]), ("l'usage", SENTENCES[2]), ("reaffirmer", SENTENCES[2]), ("RÉAFFIRMER", SENTENCES[2]),
        ("naivete", SENTENCES[2]), ("etat", SENTENCES[2]), ("œuvre", SENTENCES[2]), ("senalamiento", SENTENCES[3]),
        ("manana", SENTENCES[3]), ("елка", SENTENCES[4]), ("еще не все", SENTENCES[4]), ("ещё", SENTENCES[5]),
        ("замок", SENTENCES[5]), ("ДЕЛЕГАЦИИ", SENTENCES[4]), ("и\u0306од", SENTENCES[4]), ("الوفود", SENTENCES[6]),
        ("إجراءات الثقة", SENTENCES[6]), ("اجراءات", SENTENCES[6]), ("أَكَّدَتِ", SENTENCES[7]), ("12", SENTENCES[7]),
        ("الـوفـود", SENTENCES[7]), ("网络安全", SENTENCES[8]), ("信任", SENTENCES[8]), ("任措", SENTENCES[8]),
        ("第12条", SENTENCES[8]), ("ICT安全", SENTENCES[9]), ("ict 事件", SENTENCES[9]), ("サーバー", SENTENCES[10]),
        ("ｻｰﾊﾞｰ", SENTENCES[10]), ("脆弱性", SENTENCES[10]), ("보호", SENTENCES[10]), ("οδοσ", SENTENCES[11]),
        ("προτασις", SENTENCES[11]), ("strasse", SENTENCES[11]), ("straße", SENTENCES[11]), ("istanbul", SENTENCES[11]),
        ("final", SENTENCES[11]), ("पहुँच", SENTENCES[11]), ("เสนอ", SENTENCES[11]), ("שלום", SENTENCES[11]),
        ('"was agreed until"', SENTENCES[0]), ("“was agreed until”", SENTENCES[0]), ('"was agr', SENTENCES[0]),
        ("agreed delegations", SENTENCES[0]), ("réseaux»", SENTENCES[2]), ("(3 bis).", SENTENCES[1]),
    ],
)  # fmt: skip
def test_found(empty: Store, query: str, text: str) -> None:
    fill(empty, ["something else", text])
    assert refs(empty, query) == ["1"]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", SENTENCES[0]), ("   ", SENTENCES[0]), ('""', SENTENCES[0]), ("?!;", SENTENCES[0]),
        ("\u00ad", SENTENCES[0]),
        ("elegations", SENTENCES[0]),
        ("dele met", SENTENCES[0]), ('"agr"', SENTENCES[0]), ('"agreed was"', SENTENCES[0]),
        ("agreed nonsense", SENTENCES[0]), ("络网", SENTENCES[8]), ("网安", SENTENCES[8]), ("иод", SENTENCES[4]),
        ("край йо", "краи"), ('"delegations of xb"', SENTENCES[0]),
    ],
)  # fmt: skip
def test_not_found(empty: Store, query: str, text: str) -> None:
    fill(empty, [text])
    assert refs(empty, query) == []


@pytest.mark.parametrize(
    "query",
    ["a OR b", "a NOT b", "a AND", "NEAR(a b, 3)", "words:a", "-a", "^a", "a*b", "a + b", "{a b}:c", "(a", "a)", 'a"',
     '"a" * b', "'", "a'; DROP TABLE search; --", "%", "_", "\x00a", "a\x00", "search", "rank", "🙂", "\ud800"],
)  # fmt: skip
def test_nothing_typed_is_syntax(empty: Store, query: str) -> None:
    fill(empty, ["a b", "b", "or", "not near and a b c drop table search words rank"])
    with empty.read() as reader:
        found = {row[1] for row in search.find(reader, query, 100)}
    texts = ["a b", "b", "or", "not near and a b c drop table search words rank"]
    assert found == {str(n) for n, text in enumerate(texts) if search.scan(query)(text)}
    if query == "a OR b":
        assert found == set()


def test_very_long_queries_are_cut_not_refused(empty: Store) -> None:
    fill(empty, ["a " * 50, "b"])
    assert refs(empty, "a " * 100_000) == ["0"]
    assert sum(len(words) for words, _ in search.phrases("一" * 5_000)) == 32


# -- C8


def occurs(words: list[str], phrase: list[str], goes_on: bool) -> bool:
    """The test's own scan: a phrase as a substring of words, each fenced by bars."""
    fenced = "|" + "".join(word + "|" for word in words)
    wanted = "|" + "|".join(phrase) + ("" if goes_on else "|")
    return wanted in fenced


def first_words(phrases: list[tuple[list[str], bool]]) -> list[tuple[list[str], bool]]:
    """Of a long query only so many words are looked for: a line of Chinese holds as many as a page of others."""
    left, kept = 32, []
    for words, quoted in phrases:
        kept.append((words[:left], quoted))
        left -= len(words[:left])
    return [(words, quoted) for words, quoted in kept if words]


WORDS = sorted({word for text in SENTENCES for word in text.split()} | {"网络", "安全", "信任", "الثقة", "ещё", "co"})
sentence = st.one_of(
    st.sampled_from(SENTENCES),
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=20),
)
part = st.one_of(
    st.sampled_from(WORDS),
    st.builds(lambda word, cut: word[: cut + 1], st.sampled_from(WORDS), st.integers(0, 5)),
    st.sampled_from(["与建立", "的", "安", "ict", "12", "é", "Й"]),
).map(lambda text: text.replace('"', ""))
asked = st.lists(st.tuples(st.lists(part, min_size=1, max_size=3), st.booleans()), min_size=1, max_size=3)


@settings(max_examples=60)
@example(  # more words than are looked for: the last is left out
    first=[f"{SENTENCES[8]} ا أَكَّدَتِ"],
    second=[],
    dropped=set(),
    queries=[[([SENTENCES[8], "ا"], False), (["أَكَّدَتِ", "12"], True)]],
    ranked=0,
)
@given(
    first=st.lists(sentence, min_size=1, max_size=8), second=st.lists(sentence, max_size=8),
    dropped=st.sets(st.integers(0, 7)), queries=st.lists(asked, min_size=1, max_size=6),
    ranked=st.sampled_from([0, 2, 2_000]),
)  # fmt: skip
def test_c8_search_equals_scan(
    vault: Store, first: list[str], second: list[str], dropped: set[int],
    queries: list[list[tuple[list[str], bool]]], ranked: int,
) -> None:  # fmt: skip
    """Whatever was written, replaced and dropped: the index says what a scan of the words says."""
    texts = dict(enumerate(first))
    with vault.write() as tx:
        search.clear(tx)
    fill(vault, first)
    fill(vault, second)
    texts |= dict(enumerate(second))
    with vault.write() as tx:
        for n in dropped:
            search.drop(tx, "message", str(n))
            texts.pop(n, None)
    with pytest.MonkeyPatch.context() as patch, vault.read() as reader:
        patch.setattr(search, "RANKED_AT_MOST", ranked)
        for query in queries:
            typed, phrases = [], []
            for words, quoted in query:
                if quoted:
                    typed.append('"' + " ".join(words) + '"')
                    phrases.append((search.words_of(" ".join(words)), True))
                else:
                    typed.append(" ".join(words))
                    phrases += [(search.words_of(chunk), False) for word in words for chunk in word.split()]
            phrases = first_words([(words, quoted) for words, quoted in phrases if words])
            wanted = {
                n for n, text in texts.items()
                if phrases and all(
                    occurs(search.words_of(text), words, at == len(phrases) - 1 and not quoted)
                    for at, (words, quoted) in enumerate(phrases)
                )
            }  # fmt: skip
            found = search.find(reader, " ".join(typed), 10_000)
            assert {int(row[1]) for row in found} == wanted
            assert len(found) == len(wanted)
            holds = search.scan(" ".join(typed))
            assert {n for n, text in texts.items() if holds(text)} == wanted


def test_no_letter_of_unicode_is_split_or_folded_by_the_index(empty: Store) -> None:
    """The index must cut where `tokens` put spaces and nowhere else, for every letter, digit and mark there is."""
    wanted: Counter[str] = Counter()
    lines: list[str] = []
    for start in range(0, 0x20000, 128):
        letters = [chr(n) for n in range(start, start + 128) if unicodedata.category(chr(n))[0] in "LNM"]
        line = " ".join(f"ab{letter}cd {letter} к{letter}" for letter in letters)
        wanted.update(search.words_of(line))
        lines.append(line)
    with pytest.raises(ZeroDivisionError), empty.write() as tx:  # let go of in the end
        for n, line in enumerate(lines):
            search.index(tx, "letters", str(n), "", n, "", line)
        tx.run("CREATE VIRTUAL TABLE vocabulary USING fts5vocab(search, 'row')")
        there = dict(tx.rows("SELECT term, cnt FROM vocabulary"))
        assert {word: n for word, n in wanted.items() if there.get(word) != n} == {}
        assert there.keys() == wanted.keys()
        raise ZeroDivisionError


def test_tokens_put_a_space_round_each_character_of_unspaced_scripts() -> None:
    assert search.tokens("ICT安全 事件2") == "ict 安 全 事 件 2"
    assert search.tokens("データ보호") == "テ\u3099 ー タ 보 호".replace("テ\u3099", "デ")
    assert search.tokens("plain words, kept") == "plain words kept"
    assert search.tokens("Plain\u00a0words apart\u200bhere to\u200dgether") == "plain words apart here together"
    assert search.tokens("١٢ ۳ ३ １") == "12 3 3 1"


def test_folding_twice_changes_nothing() -> None:
    for text in SENTENCES:
        assert search.words_of(search.tokens(text)) == search.words_of(text)
        assert search.words_of(unicodedata.normalize("NFD", text)) == search.words_of(text)


# -- order, kinds, replacing


def test_best_first_then_newest(empty: Store) -> None:
    fill(empty, ["treaty and much else that is said beside it", "treaty treaty", "treaty treaty", "other"])
    assert refs(empty, "treaty") == ["2", "1", "0"]
    assert refs(empty, "treaty", 1) == ["2"]
    assert refs(empty, "treaty", 0) == []


def test_with_too_many_hits_the_newest_come(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "RANKED_AT_MOST", 5)
    fill(empty, ["common"] * 200 + ["rare"] * 100)
    assert refs(empty, "common", 3) == ["199", "198", "197"]
    assert refs(empty, "common") == [str(n) for n in range(199, -1, -1)]


def test_a_result_says_what_it_is(empty: Store) -> None:
    with empty.write() as tx:
        search.index(tx, "message", "m", "room one", 5, "About ports", "harbour")
        search.index(tx, "contact", "m", "", 7, "Borovia", "harbour")
    with empty.read() as reader:
        assert search.find(reader, "harbour", 9, ["message"]) == [("message", "m", "room one", 5, "About ports")]
        assert search.find(reader, "harbour", 9, ["contact", "text"]) == [("contact", "m", "", 7, "Borovia")]
        assert len(search.find(reader, "harbour", 9, ["contact", "message"])) == 2
        assert search.find(reader, "harbour", 9, []) == []
        assert search.find(reader, "ports", 9) == []


def test_replacing_dropping_and_clearing(empty: Store) -> None:
    with empty.write() as tx:
        search.index(tx, "message", "1", "r", 1, "t", "before")
        search.index(tx, "message", "1", "r", 2, "u", "after")
        search.index(tx, "text", "1", "r", 2, "u", "after")
        search.drop(tx, "message", "never there")
    with empty.read() as reader:
        assert search.find(reader, "before", 9) == []
        assert sorted(search.find(reader, "after", 9)) == [("message", "1", "r", 2, "u"), ("text", "1", "r", 2, "u")]
    with empty.write() as tx:
        search.clear(tx, ["message"])
    with empty.read() as reader:
        assert search.find(reader, "after", 9) == [("text", "1", "r", 2, "u")]
    with empty.write() as tx:
        search.drop(tx, "text", "1")
    with empty.read() as reader:
        assert search.find(reader, "after", 9) == []


def test_the_index_falls_with_its_transaction(empty: Store) -> None:
    with pytest.raises(ZeroDivisionError), empty.write() as tx:
        search.index(tx, "message", "1", "r", 1, "t", "word")
        assert len(search.find(tx, "word", 9)) == 1
        raise ZeroDivisionError
    with empty.read() as reader:
        assert search.find(reader, "word", 9) == []


def test_words_that_are_everywhere_stay_cheap(empty: Store) -> None:
    """Counted in steps of the engine, not in time: a word in every item costs no more than reading a few thousand."""
    fill(empty, [f"the common word{n} th{n % 97}" for n in range(12_000)])
    with empty.read() as reader:
        steps = 0

        def tick() -> int:
            nonlocal steps
            steps += 1
            return 0

        raw = empty._readings[-1].connection
        for query in ("the", "t", "the common", "th"):
            steps = 0
            raw.set_progress_handler(tick, 1_000)
            assert [row[1] for row in search.find(reader, query, 20)] == [str(n) for n in range(11_999, 11_979, -1)]
            raw.set_progress_handler(None, 0)
            assert steps < 120, query


def test_a_real_text_is_found_word_by_word(empty: Store) -> None:
    shared = Path(__file__).parents[3] / "shared" / "facts" / "sample_text.md"
    if not shared.exists():
        pytest.skip("no shared facts here")
    lines = [line for line in shared.read_text("utf-8").splitlines() if line.strip()]
    fill(empty, lines)
    for word in sorted({word for line in lines for word in search.words_of(line)}):
        wanted = {str(n) for n, line in enumerate(lines) if word in search.words_of(line)}
        assert set(refs(empty, f'"{word}"')) == wanted
