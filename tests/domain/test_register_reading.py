"""The reader of registers: what it takes, what it says where about what it does not, and that nothing brings it down."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from valise.desk import reference
from valise.domain.errors import Refused
from valise.domain.register import reading
from valise.domain.register.definition import LANGUAGES, Definition, Item, Words
from valise.domain.register.places import DEEPEST, Places

SMALL = """\
id = "visits"
rows = ["record"]
review = 6

[title]
en = "Visits"
fr = "Visites"

[[column]]
id = "place"
kind = "text"
title = "Place"
required = true

[[column]]
id = "status"
kind = "choice"
title = { en = "Status", es = "Situación" }
asks = ["review"]

[[column.choice]]
id = "planned"
sign = "○"
title = "Planned"

[[column.choice]]
id = "done"
sign = "●"
title = "Done"

[[column]]
id = "review"
kind = "date"
title = "Review due"

[[view]]
id = "table"
kind = "table"
title = "Table"
columns = ["place", "status"]
sort = "-review"

[view.only]
status = ["planned"]

[[export]]
id = "csv"
kind = "csv"
title = "Table (CSV)"
"""
MATRIX = """\
id = "own"
title = "Own"
rows = ["state", "item"]

[[column]]
id = "status"
kind = "choice"
title = "Status"
choices = "status"

[[item]]
id = "one"
title = "One"

[[view]]
id = "matrix"
kind = "matrix"
title = "Matrix"
cell = "status"
"""


def read(text: str) -> Definition:
    choices, items = reference.lists()
    return reading.read(text, choices=choices, items=items, states=reference.memberships())


def refused(text: str) -> str:
    with pytest.raises(Refused) as caught:
        read(text)
    assert caught.value.code == "register.toml"
    assert re.match(r"line \d+, column \d+: \S", caught.value.line), caught.value.line
    return caught.value.line


def test_a_small_register_becomes_what_its_file_says() -> None:
    made = read(SMALL)
    assert (made.id, made.rows, made.review, made.screen, made.sides) == ("visits", ("record",), 6, "registers", ("stated",))
    assert made.title.in_("fr") == "Visites" and made.title.in_("zh") == "Visits"
    place, status, review = made.columns
    assert place.required and place.title == Words({"en": "Place"}) and review.kind == "date"
    assert status.asks == ("review",) and [one.id for one in status.choices] == ["planned", "done"]
    assert status.choices[0].sign == "○"
    view = made.views[0]
    assert view.sort == "-review" and view.only == {"status": ("planned",)} and view.columns == ("place", "status")


def test_shared_lists_are_named_and_items_as_well() -> None:
    made = read(MATRIX)
    assert next(one.id for one in made.columns[0].choices) == "not_stated"
    assert [one.id for one in made.items] == ["one"]
    own = 'id = "ours"\ntitle = "Ours"\nrows = ["state", "item"]\nitems = "norms"\nstates = "OSCE"\n' + MATRIX[MATRIX.index("[[column"):MATRIX.index("[[item")]
    assert len(read(own).items) == 11


def test_every_shipped_file_reads_under_the_guard_as_it_does_without() -> None:
    files = {name: text for name, text in reference.files("registers").items() if not name.startswith("_")}
    by = {one.id: one for one in reference.registers()}
    assert len(files) == len(by)
    for name, text in files.items():
        made = read(text)
        assert f"{made.id}.toml" == name and made == by[made.id]


def swapped(old: str, new: str, text: str = SMALL) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        (swapped("required", "requird"), "line 13, column 1", 'no key "requird" here; did you mean required?'),
        (swapped("review = 6", "reviews = 6"), "line 3, column 1", "did you mean review?"),
        (swapped('kind = "text"', 'kind = "txt"'), "line 11, column 1", "did you mean text?"),
        (swapped("required = true", 'required = "yes"'), "line 13, column 1", "true or false"),
        (swapped("review = 6", "review = true"), "line 3, column 1", "whole number from 0 to 120"),
        (swapped("review = 6", "review = 6.0"), "line 3, column 1", "whole number"),
        (swapped('id = "review"', 'id = "place"'), "line 32, column 1", 'the id "place" is there twice'),
        (swapped('id = "done"', 'id = "planned"'), "line 27, column 1", "twice"),
        (swapped('columns = ["place", "status"]', 'columns = ["place", "statu"]'), "line 40, column 1", "did you mean status?"),
        (swapped('sort = "-review"', 'sort = "-revue"'), "line 41, column 1", "sort names no column"),
        (swapped('status = ["planned"]', 'status = ["plan"]'), "line 44, column 1", "did you mean planned?"),
        (swapped('en = "Visits"\n', ""), "line 5, column 1", "no English (en)"),
        (swapped('fr = "Visites"', 'de = "Besuche"'), "line 7, column 1", 'no key "de"'),
        (swapped('fr = "Visites"', 'fr = " "'), "line 7, column 1", "fr is empty"),
        (swapped('rows = ["record"]', 'rows = ["row"]'), "line 2, column 1", "rows names"),
        (swapped('rows = ["record"]', "rows = []"), "line 2, column 1", "rows says what a row is about"),
        (swapped('rows = ["record"]', 'rows = ["record", "record"]'), "line 2, column 1", "twice"),
        (swapped('rows = ["record"]', 'rows = ["item"]'), "line 2, column 1", "no [[item]]"),
        (swapped('asks = ["review"]', 'asks = ["status"]'), "line 19, column 1", "no other column"),
        (swapped('kind = "date"', 'kind = "text"'), "line 3, column 1", "a review asks for a column review of kind date"),
        (swapped('kind = "choice"', 'kind = "text"'), "line 15, column 1", "and no other, has choices"),
        (swapped('sign = "○"', 'sign = "○○○"'), "line 23, column 1", "longer than 2"),
        (swapped('title = "Place"\n', ""), "line 9, column 1", "title is missing"),
        (swapped('title = "Place"', 'title = "Pla\\u202ece"'), "line 12, column 1", "cannot be seen"),
        (swapped('title = "Place"', 'title = "Status"'), "line 18, column 1", 'two columns are called "Status"'),
        (swapped('kind = "table"', 'kind = "board"'), "line 36, column 1", "by names a column of kind choice"),
        (swapped('kind = "table"', 'kind = "matrix"'), "line 36, column 1", "a matrix asks for rows"),
        (swapped('kind = "csv"', 'kind = "xlsx"'), "line 48, column 1", "kind is one of csv"),
        (swapped("review = 6", 'running = "place"'), "line 3, column 1", "by_hand = false"),
        (swapped("review = 6", "shared = true"), "line 3, column 1", "a State or a delegation"),
        (swapped("review = 6", 'states = "OSCI"'), "line 3, column 1", "did you mean OSCE?"),
        (swapped("review = 6", 'sides = ["assesed"]'), "line 3, column 1", "did you mean assessed?"),
        (swapped("required = true", "internal = true"), "line 13, column 1", "sides"),
        (swapped("review = 6", 'items = "nroms"'), "line 3, column 1", "did you mean norms?"),
        (swapped('choices = "status"', 'choices = "statuses"', MATRIX), "line 9, column 1", "did you mean status?"),
        (swapped('cell = "status"', 'cell = "none"', MATRIX), "line 19, column 1", "cell names a column of kind choice"),
        (swapped('title = "One"', 'title = "One"\n[item.values]\nstatus = "planned"', MATRIX), "line 15, column 1", "nothing else"),
        (swapped('title = "One"', 'title = "One"\ntext = "Words."', MATRIX), "line 14, column 1", "text_status"),
        (swapped('title = "Place"', "title = 7"), "line 12, column 1", "title is a table"),
        (swapped("[[view]]", "[view]"), "line 36, column 1", "view is a list of tables: [[view]]"),
        (swapped('sign = "○"', "sign = 1"), "line 23, column 1", "sign is a text in quotation marks"),
        (swapped('asks = ["review"]', 'asks = "review"'), "line 19, column 1", "asks is a list of texts"),
        (swapped('asks = ["review"]', "asks = [1]"), "line 19, column 1", "asks is a list of texts"),
        (swapped('status = ["planned"]', f'place = {["x" + str(n) for n in range(501)]}'), "line 44, column 1", "more than 500"),
        (swapped('status = ["planned"]', 'place = ["\\u2066"]'), "line 44, column 1", "cannot be seen"),
        (swapped('kind = "text"\n', ""), "line 9, column 1", "kind is missing"),
        (swapped('id = "place"', 'id = "Place"'), "line 10, column 1", "small letters, digits and _"),
        (swapped('id = "visits"', 'id = "my visits"'), "line 1, column 1", "letters, digits and _ - ."),
        (swapped('id = "done"', 'id = "a/b"'), "line 27, column 1", "an id is made of"),
        (swapped('rows = ["record"]', 'rows = ["state"]\nitems = "norms"'), "line 3, column 1", "rows are not about them"),
        (swapped('asks = ["review"]', 'choices = "work"'), "line 19, column 1", "not both"),
        (swapped('id = "own"', 'id = "own"\nitems = "norms"', MATRIX), "line 2, column 1", "not both"),
        (swapped('sort = "-review"', 'by = "status"'), "line 41, column 1", "a view of this kind has no by"),
        (swapped('kind = "csv"', 'kind = "ics"', swapped('kind = "date"', 'kind = "text"', swapped("review = 6\n", ""))), "line 47, column 1",
         "a calendar file asks for"),
        (swapped("[[column]]", "[[column]"), "line 9, column 9", "not TOML"),
        (SMALL + '\n[[column]]\nid = "x"\nid = "y"', "line 53, column", "not TOML"),
        ("", "line 1, column 1", "id is missing"),
        ('id = "a"\nrows = ["record"]\ntitle = "A"', "line 1, column 1", "no [[column]]"),
        ("\x00", "line 1, column 1", "not TOML"),
        ("a = 1979-13-45", "line 1, column", "not TOML"),
        ("x" * 200_001, "line 1, column 1", "longer than 200000"),
        ("a = " + "[" * 10_000, "line 1, column 21", "too deep"),
        ("a = " + "{a=" * 10_000, "line 1, column", "too deep"),
        (".".join("a" * 60_000) + " = 1", "line 1, column 34", f"more than {DEEPEST} parts"),
        ("[" + ".".join("a" * 60_000) + "]", "line 1, column 35", f"more than {DEEPEST} parts"),
        ("a = {" + ".".join("b" * 60_000) + " = 1}", "line 1, column", "too deep"),
        ("a = " + "9" * 5_000, "line 1, column 1", "not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_line_and_column(text: str, where: str, what: str) -> None:
    said = refused(text)
    assert said.startswith(where) and what in said, said


def test_a_message_holds_nothing_that_changes_how_it_reads() -> None:
    said = refused(swapped("required", '"\\u202e\\u0000evil' + "x" * 500 + '"'))
    assert len(said) < 120 and said.isprintable()


def test_too_much_of_something_is_refused() -> None:
    columns = "".join(f'[[column]]\nid = "c{n}"\nkind = "text"\ntitle = "C{n}"\n' for n in range(121))
    assert "more than 120 of column" in refused('id = "a"\nrows = ["record"]\ntitle = "A"\n' + columns)


def test_assessed_columns_stay_out_of_what_the_stated_side_asks_for() -> None:
    text = swapped('id = "own"', 'id = "own"\nsides = ["stated", "assessed"]', MATRIX).replace(
        "[[item]]", '[[column]]\nid = "basis"\nkind = "long"\ntitle = "Basis"\ninternal = true\n\n[[item]]', 1
    )
    made = read(text)
    assert [one.id for one in made.columns_of("stated")] == ["status"]
    said = refused(text.replace('choices = "status"', 'choices = "status"\nasks = ["basis"]'))
    assert "which the stated side does not have" in said


def test_shipped_rows_hold_values_of_their_columns() -> None:
    rows = '[[item]]\nid = "rome"\ntitle = "Rome"\n[item.values]\nplace = "Rome"\nstatus = "done"\n'
    assert read(SMALL + rows).items[0] == Item("rome", Words({"en": "Rome"}), values={"place": ("Rome",), "status": ("done",)})
    assert "is none of its choices; did you mean done?" in refused(SMALL + rows.replace('"done"', '"don"'))
    assert "holds one value" in refused(SMALL + rows.replace('"Rome"\nstatus', '["Rome", "Oslo"]\nstatus'))
    assert 'no column "plaice"' in refused(SMALL + rows.replace("place =", "plaice ="))


# positions


def test_places_know_tables_in_lists_and_quoted_names() -> None:
    text = 'a."b c".d = 1 # [x]\n[[t]]\nx = """\n[[t]]\n"""\n[[t]]\n  [t.in]\n  y = [\n 1, # ]\n [2]]\nz = \'#\'\n[u]\nv=1'
    tomllib.loads(text)
    places = Places(text)
    assert places.say(("a", "b c", "d")) == "line 1, column 1"
    assert places.say(("t", 0, "x")) == "line 3, column 1"
    assert places.say(("t", 1)) == "line 6, column 1"
    assert places.say(("t", 1, "in", "y", 4)) == "line 8, column 3"
    assert places.say(("t", 1, "in", "z")) == "line 11, column 1"
    assert places.say(("u", "v")) == "line 13, column 1"
    assert places.say(("nowhere",)) == "line 1, column 1"


KEYS = st.text("ab-_1", min_size=1, max_size=3)
PLAIN = st.one_of(
    st.integers(-5, 5).map(str), st.booleans().map(lambda one: str(one).lower()),
    st.text('ab #[]="\'\n', max_size=6).map(lambda one: '"' + one.replace('"', '\\"').replace("\n", "\\n") + '"'),
    st.text('ab #[]="\n', max_size=6).map(lambda one: f"'''{one}'''"),
)  # fmt: skip
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda many: "[\n" + ", # ]\n".join(many) + "\n]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda many: "{" + ", ".join(f"{k} = {v}" for k, v in many.items() if "\n" not in v) + "}"
        ),
    ),
    max_leaves=6,
)


@given(st.lists(st.tuples(KEYS, VALUES), max_size=6, unique_by=lambda one: one[0]))
def test_places_agree_with_the_parser_on_where_a_key_is(pairs: list[tuple[str, str]]) -> None:
    """Each key stands on a line of its own that the parser reads as that key."""
    text, lines = "", {}
    for key, value in pairs:
        lines[key] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    assert set(tomllib.loads(text)) == set(lines)
    places = Places(text)
    for key, line in lines.items():
        assert places.say((key,)) == f"line {line}, column 1"


# hostile files


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_file_that_was_tampered_with_is_read_or_refused_and_nothing_else(data: st.DataObject) -> None:
    text = data.draw(st.sampled_from((SMALL, MATRIX)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(text)))
        cut = data.draw(st.integers(0, 12))
        put = data.draw(st.one_of(st.text(max_size=8), st.sampled_from(('"', "'''", "[", "]]", "{", "\n", "=", ".", "#", "\\u0000", "1e999"))))
        text = text[:at] + put + text[at + cut :]
    try:
        made = read(text)
    except Refused as error:
        assert error.code == "register.toml" and re.match(r"line \d+, column \d+: ", error.line)
    else:
        assert made.columns and made.rows and made.title.in_("en")


TOML = st.recursive(
    st.one_of(st.booleans(), st.integers(-10, 2**60), st.floats(allow_nan=False), st.text(max_size=10), st.dates(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(("id", "title", "en", "kind", "values")), inner, max_size=3)),
    max_leaves=8,
)  # fmt: skip
TOP = ("id", "title", "rows", "column", "help", "screen", "order", "sides", "shared", "states", "items", "item", "view", "export",
       "title_columns", "review", "running", "version")  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.sampled_from(TOP), TOML, min_size=1), st.sampled_from(("column", "view", "export", "item")))
def test_values_of_any_type_anywhere_are_refused_in_words(values: dict[str, object], part: str) -> None:
    """The file as the parser would give it, with values of wrong types in every place."""
    whole: dict[str, object] = {**tomllib.loads(SMALL), **values}
    for tables in (whole, whole[part] if isinstance(whole.get(part), list) else {}):
        reader = reading._Reader("", guard=True)
        reader.top = tables if isinstance(tables, dict) else {part: tables, **tomllib.loads(SMALL)}
        try:
            reader.definition({}, {}, ())
        except Refused as error:
            assert error.code == "register.toml"


# there and back


def written(words: Words | None, key: str) -> str:
    if words is None:
        return ""
    return f"{key} = {{ " + ", ".join(f"{language} = {quoted(term)}" for language, term in words.by.items()) + " }\n"


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


TERMS = st.dictionaries(st.sampled_from(LANGUAGES), st.text("aé本ش \"\\'#", min_size=1, max_size=12).filter(str.strip), min_size=1).map(
    lambda by: Words({"en": "x", **by})
)


@settings(max_examples=50, deadline=None)
@given(st.lists(TERMS, min_size=1, max_size=5), st.booleans(), st.integers(2, 120))
def test_what_is_written_is_read_back(titles: list[Words], many: bool, wide: int) -> None:
    heads = [Words({language: f"{n} {term}" for language, term in one.by.items()}) for n, one in enumerate(titles)]
    text = 'id = "own"\nrows = ["record"]\n' + written(titles[0], "title") + written(titles[-1], "help")
    for n, head in enumerate(heads):
        text += f'[[column]]\nid = "c{n}"\nkind = "text"\nmany = {str(many).lower()}\nwide = {wide}\n' + written(head, "title")
    made = read(text)
    assert (made.title, made.help) == (titles[0], titles[-1])
    assert [one.title for one in made.columns] == heads
    assert all((one.many, one.wide) == (many, wide) for one in made.columns)
