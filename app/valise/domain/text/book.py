"""What the fold of one text has worked out. Only the fold writes here; the view and the rules read."""

from __future__ import annotations

from typing import Literal

from valise.domain.text.model import ProposalKind, ProposalState, Section, Status
from valise.domain.text.past import Node

LIVE: frozenset[str] = frozenset({"open", "rebased", "kept as alternative"})
PENDING: frozenset[str] = LIVE | {"stale", "late"}
FINAL: frozenset[str] = frozenset({"accepted", "amended", "rejected", "superseded"})
AGREED: frozenset[str] = frozenset({"agreed ad ref", "closed"})
SPANNED: frozenset[str] = frozenset({"words", "title"})  # kinds whose anchor is a stretch of words
WHOLE: frozenset[str] = frozenset({"delete", "alternative"})  # kinds whose anchor is the whole paragraph
Span = tuple[int, int]
Outcome = Literal[
    "accepted", "amended", "rejected", "superseded", "rebased", "kept as alternative", "admitted"
]
Event = tuple[int, Outcome, Span | None, str]  # chain position, what the pen did, span, note


class Par:
    """A paragraph. `versions` = (chain position, ver, words); `spells` = when it was agreed, [from, to)."""

    __slots__ = ("gone", "id", "label", "parent", "props", "section", "shown", "spells", "status", "versions")

    def __init__(self, id: str, section: Section, label: str, status: Status, parent: str) -> None:
        self.id = id
        self.section = section
        self.label = label
        self.status = status
        self.parent = parent
        self.gone = -1  # chain position that dropped it
        self.versions: list[tuple[int, str, str]] = []
        self.spells: list[list[int]] = []
        self.props: list[Prop] = []
        self.shown: tuple[int, int] | None = None  # kept counts of open clusters and open proposals

    def counts(self) -> tuple[int, int]:
        """(pairs of brackets around open proposals, open proposals), kept until something changes here."""
        if self.shown is None:
            live = [prop for prop in self.props if prop.state in LIVE]
            whole = any(prop.what == "delete" for prop in live)
            self.shown = (len(self.clusters()) + whole, len(live))
        return self.shown

    def clusters(self) -> list[tuple[int, int, list[Prop]]]:
        """Open spans that overlap, left to right: (start, end, proposals). Two insertions at one place overlap."""
        live = []
        for prop in self.props:
            if prop.what in SPANNED and prop.state in LIVE:
                now = prop.now
                if now.ver == self.ver:
                    live.append((now.span, prop.node.id, prop))
        live.sort()
        found: list[tuple[int, int, list[Prop]]] = []
        for (start, end), _, prop in live:
            if found:
                first, last, group = found[-1]
                if start < last or (start == end == first == last):
                    group.append(prop)
                    found[-1] = (first, max(last, end), group)
                    continue
            found.append((start, end, [prop]))
        return found

    @property
    def words(self) -> str:
        return self.versions[-1][2]

    @property
    def ver(self) -> str:
        return self.versions[-1][1]

    def version(self, ver: str) -> int:
        """Index of a version, -1 when there is none."""
        for index in range(len(self.versions) - 1, -1, -1):
            if self.versions[index][1] == ver:
                return index
        return -1

    def words_of(self, ver: str) -> str:
        return self.versions[self.version(ver)][2]


class Standing:
    """Where a proposal stands now: its state, and the version and span it hangs on."""

    __slots__ = ("notice", "span", "sponsors", "state", "ver")

    def __init__(self, state: ProposalState, ver: str, span: Span, notice: str, sponsors: tuple[str, ...]) -> None:
        self.state: ProposalState = state
        self.ver = ver
        self.span = span
        self.notice = notice
        self.sponsors = sponsors


class Prop:
    """A proposal: what its operation said, what was said and done about it, and where it stands."""

    __slots__ = ("backers", "cut", "events", "flaw", "kept", "leavers", "node", "par", "what")

    def __init__(self, node: Node, what: ProposalKind, par: str, flaw: str, cut: str) -> None:
        self.node = node
        self.what = what
        self.par = par  # the paragraph it is shown at
        self.flaw = flaw  # "" or why it can never count
        self.cut = cut  # "" or why its device's operations do not apply
        self.events: tuple[Event, ...] = ()
        self.backers: tuple[Node, ...] = ()
        self.leavers: tuple[Node, ...] = ()
        self.kept: Standing | None = None  # None = open, as its operation says

    @property
    def now(self) -> Standing:
        """Where it stands. None kept = as its operation says: open, on the words it quotes."""
        if self.kept is None:
            node = self.node
            return Standing("open", node.body["ver"], span_of(node), "", (node.author,))
        return self.kept

    @now.setter
    def now(self, standing: Standing) -> None:
        node = self.node
        body = node.body
        plain = standing.state == "open" and standing.ver == body["ver"] and not standing.notice
        same = plain and standing.span == span_of(node) and standing.sponsors == (node.author,)
        self.kept = None if same else standing

    @property
    def state(self) -> ProposalState:
        return self.kept.state if self.kept is not None else "open"


def span_of(node: Node) -> Span:
    """The span a proposal's operation names."""
    start, end = node.body["span"]
    return (start, end)


class Edition:
    """A revision as it was signed, and what this replica computes for it."""

    __slots__ = ("acks", "aliases", "computed", "node", "number", "others", "position")

    def __init__(self, node: Node, number: int, position: int) -> None:
        self.node = node
        self.number = number
        self.position = position
        self.aliases: list[tuple[str, str]] = []  # old label, new label
        self.computed: tuple[str, str, int, str] = ("", "", 0, "")  # text hash, state hash, log size, log root
        self.acks: set[str] = set()
        self.others: set[str] = set()  # delegations that computed something else


class Silence:
    """A silence procedure as the pen opened it. `closings` = (chain position, "" when the period was closed, then what the
    pen confirmed), `breaks` in the order they came."""

    __slots__ = ("breaks", "closings", "extensions", "first_deadline", "node", "position")

    def __init__(self, node: Node, position: int, deadline: int) -> None:
        self.node = node
        self.position = position
        self.first_deadline = deadline
        self.extensions: tuple[tuple[str, int], ...] = ()  # pen operation, new deadline
        self.closings: tuple[tuple[int, str], ...] = ()
        self.breaks: tuple[Node, ...] = ()

    @property
    def deadline(self) -> int:
        """ms UTC, the one in force."""
        return self.extensions[-1][1] if self.extensions else self.first_deadline


class Book:
    """The state of a text. See fold.TextState for how it comes about."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.genesis: Node | None = None
        self.chain: list[str] = []
        self.place: dict[str, int] = {}  # pen operation -> chain position
        self.holders: list[tuple[str, str]] = []  # (device, delegation) that may write after each position
        self.roster: tuple[str, ...] = ()
        self.frozen = ""  # "" or the code why nobody may write on
        self.rivals: tuple[str, ...] = ()  # the pen operations that froze it
        self.removed = False  # a delegation took the pen from its own device somewhere
        self.pars: dict[str, Par] = {}
        self.order: list[str] = []
        self.labels: dict[str, str] = {}  # label -> paragraph that bore it last
        self.props: dict[str, Prop] = {}
        self.loose: list[Prop] = []  # proposals that hang on no paragraph here
        self.numbers: dict[str, dict[int, list[str]]] = {}  # delegation -> its own count -> proposals
        self.positions: dict[str, list[Node]] = {}  # target -> operations
        self.comments: dict[str, list[Node]] = {}  # target -> operations
        self.editions: dict[str, Edition] = {}
        self.silences: dict[str, Silence] = {}
        self.void: dict[str, str] = {}  # operation -> why it had no effect
        self.unseen: dict[str, Node] = {}  # operations that are here and no pen operation has in its past
        self.logged = 0  # operations of this text that are here
        self.touched: set[str] = set()

    def count(self, prop: Prop, number: int) -> None:
        """Enter a proposal and the number its delegation gave it."""
        node = prop.node
        self.props[node.id] = prop
        self.numbers.setdefault(node.author, {}).setdefault(number, []).append(node.id)
        if prop.par in self.pars:
            self.pars[prop.par].props.append(prop)
        else:
            self.loose.append(prop)

    @property
    def head(self) -> str:
        return self.chain[-1] if self.chain else ""

    @property
    def holder(self) -> tuple[str, str]:
        return self.holders[-1] if self.holders else ("", "")

    @property
    def title_id(self) -> str:
        return f"{self.text}/0"

    @property
    def quorum(self) -> int:
        return int(self.genesis.body["rules"]["quorum"]) if self.genesis else 0

    @property
    def symbol(self) -> str:
        if self.editions:
            return str(next(reversed(self.editions.values())).node.body["symbol"])
        return str(self.genesis.body["symbol"]) if self.genesis else ""

    def pending(self) -> int:
        """How many proposals are open, from what each paragraph keeps."""
        return sum(par.counts()[1] for par in self.pars.values()) + sum(prop.state in LIVE for prop in self.loose)

    def standing(self) -> list[Par]:
        """The paragraphs that stand, in order."""
        pars = self.pars
        return [par for id in self.order if (par := pars[id]).gone < 0]
