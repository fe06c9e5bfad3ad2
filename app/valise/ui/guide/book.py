"""The pages of the guide: their order, their language, and the search in them.

`resources/guide/<language>/NN-name.md`; `00-contents.md` lists them in groups. A page that a language does not have is read in English.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from valise.ui.guide import prose
from valise.ui.guide.prose import Block
from valise.ui.icons import resources

ENGLISH = "en"
LANGUAGES = frozenset({"ar", "zh", "en", "fr", "ru", "es"})
CONTENTS = "00-contents"
RIGHT_TO_LEFT = frozenset({"ar"})
AROUND = 45  # characters shown on either side of what was found


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `language` is the one it is written in."""

    name: str
    title: str
    language: str
    blocks: tuple[Block, ...]

    @property
    def right_to_left(self) -> bool:
        """The direction it is read in."""
        return self.language in RIGHT_TO_LEFT


@dataclass(frozen=True, slots=True)
class Group:
    """A heading of the contents and its pages: (name, title)."""

    title: str
    pages: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A part of a page in which every word stands."""

    name: str
    part: str  # slug, "" = the beginning
    title: str
    heading: str  # of the part, "" = the beginning
    around: str


def split(target: str) -> tuple[str, str]:
    """("03-verify", "by-words") of a link to a page; ("", part) of one within it; ("", "") of one that leads elsewhere."""
    path, _, part = target.partition("#")
    if not path:
        return "", part
    plain = path.removesuffix(".md")
    if plain == path or not plain or not plain.replace("-", "").isalnum():
        return "", ""
    return plain, part


class Book:
    """The guide in one language, with English in place of what is missing."""

    def __init__(self, language: str, folder: Path | None = None) -> None:
        self.folder = folder or resources() / "guide"
        self.language = language if (self.folder / language / f"{CONTENTS}.md").is_file() else ENGLISH
        self._pages: dict[str, Page] = {}

    def page(self, name: str) -> Page:
        """A page by its name. KeyError for one that is not there."""
        found = self._pages.get(name)
        if found is None:
            for language in dict.fromkeys((self.language, ENGLISH)):
                path = self.folder / language / f"{name}.md"
                if split(path.name)[0] == name and path.is_file():
                    blocks = prose.parse(path.read_text("utf-8"))
                    title = next((one.plain for one in blocks if one.kind == "title"), name)
                    found = self._pages[name] = Page(name, title, language, blocks)
                    break
            else:
                raise KeyError(name)
        return found

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The contents, group by group."""
        made: list[Group] = []
        for block in self.page(CONTENTS).blocks:
            if block.kind == "part":
                made.append(Group(block.plain, ()))
            elif block.kind == "point" and made:
                links = tuple((split(one.target)[0], one.words) for one in block.spans if one.kind == "link")
                made[-1] = Group(made[-1].title, (*made[-1].pages, *links))
        return tuple(made)

    @property
    def names(self) -> list[str]:
        """Every page in the order of the contents, the contents first."""
        return [CONTENTS, *(name for group in self.groups for name, _ in group.pages)]

    def search(self, words: str) -> list[Found]:
        """Parts in which every word stands; those that name it in a heading first."""
        wanted = fold(words).split()
        if not wanted:
            return []
        found = [
            (rank, place, one)
            for place, name in enumerate(self.names) if name != CONTENTS
            for rank, one in self._in(self.page(name), wanted)
        ]  # fmt: skip
        return [one for _, _, one in sorted(found, key=lambda each: each[:2])]

    def _in(self, page: Page, wanted: list[str]) -> Iterator[tuple[int, Found]]:
        for heading, lines in parts(page):
            body = " ".join(lines)
            whole = fold(f"{page.title} {heading} {body}")
            if not all(one in whole for one in wanted):
                continue
            head = fold(f"{page.title} {heading}" if heading else page.title)
            if heading and all(one in fold(page.title) for one in wanted):
                continue  # the page as a whole is found by its title
            named = all(one in head for one in wanted)
            yield (0 if named and not heading else 1 if named else 2), Found(
                page.name, prose.slug(heading), page.title, heading, excerpt(body, wanted)
            )


def parts(page: Page) -> list[tuple[str, list[str]]]:
    """(heading, its lines) of a page; what stands before the first heading is ("", lines)."""
    made: list[tuple[str, list[str]]] = [("", [])]
    for block in page.blocks:
        if block.kind in ("part", "small part"):
            made.append((block.plain, []))
        elif block.kind != "title" and block.plain:
            made[-1][1].append(block.plain)
    return made


def fold(words: str) -> str:
    """As words are compared: in Russian \u0451 is mostly written \u0435."""
    return words.casefold().replace("\u0451", "\u0435")


def excerpt(body: str, wanted: list[str]) -> str:
    """Some words around the first of `wanted`."""
    folded = fold(body)
    at = min((place for one in wanted if (place := folded.find(one)) >= 0), default=0)
    start = max(0, at - AROUND)
    if start:
        start = body.find(" ", start, at) + 1 or start
    end = min(len(body), at + 2 * AROUND)
    if end < len(body):
        gap = body.rfind(" ", at, end)
        end = gap if gap > at + AROUND else end  # Chinese has none
    return ("… " if start else "") + body[start:end].strip() + (" …" if end < len(body) else "")
