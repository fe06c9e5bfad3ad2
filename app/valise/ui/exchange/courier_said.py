"""What a courier takes and brings, in words."""

from __future__ import annotations

from collections.abc import Sequence

from valise.desk.door_exchange import CourierExport, CourierImport, CourierWaiting
from valise.domain.errors import Unavailable
from valise.ui.language import comma, listed, semicolons, size, translate
from valise.ui.strings import tell
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import moment

SHOWN = 12  # numbers of missing bundles that are named


def amount(one: CourierWaiting) -> tuple[str, str]:
    """What waits: items, and beside them attachments and size."""
    if not one.items:
        return translate("exchange", "Nothing"), ""
    items = translate("exchange", "%n items", None, one.items)
    more = (
        [
            translate("exchange", "%n files", None, one.attachments)
        ]
        if one.attachments
        else []
    )
    more.append(translate("exchange", "about {0}").format(size(one.octets)))
    return items, listed(more)


def before(one: CourierWaiting) -> tuple[str, str]:
    """The last bundle for it, and how many it has said came."""
    if not one.exported_at:
        return translate("exchange", "never"), ""
    return moment(one.exported_at), translate("exchange", "{0} of {1} confirmed").format(one.confirmed, one.exported)


def waiting_spoken(one: CourierWaiting) -> str:
    """A whole row."""
    last, confirmed = before(one)
    parts = [f"{isolate(one.code)} {isolate(one.name)}", listed(word for word in amount(one) if word)]
    parts.append(translate("exchange", "last bundle {0}").format(isolate(last)) + (f"{comma()}{confirmed}" if confirmed else ""))
    return semicolons(parts)


def summary(chosen: Sequence[CourierWaiting]) -> str:
    """What the bundle will hold."""
    if not chosen:
        return translate("exchange", "Tick at least one delegation.")
    items, octets = sum(one.items for one in chosen), sum(one.octets for one in chosen)
    for_whom = translate("exchange", "For %n delegations", None, len(chosen))
    if not items:
        return translate("exchange", "{0}: nothing but the word of what came from there.").format(for_whom)
    held = translate("exchange", "%n items", None, items)
    return translate("exchange", "{0}: {1}, about {2}.").format(for_whom, held, size(octets))


def written(made: CourierExport) -> list[str]:
    """What came of an export, a line each."""
    lines = [
        translate("exchange", "{0}, {1}, %Ln sealed envelopes", None, made.envelopes).format(
            isolate(made.place.name), size(made.size)
        ),
    ]
    if made.checked:
        lines.append(translate("exchange", "Written to the end, read back from there, and equal."))
    lines.append(
        translate("exchange", "Nothing is lost if the stick is: everything in it stays listed as waiting here until it is confirmed.")
    )
    return lines


def sender(one: CourierImport) -> str:
    """Who made it, as far as that is proved."""
    if not one.sender:
        return ""
    parts = [translate("exchange", "From {0}").format(isolate(f"{one.code} {one.name}"))]
    if one.device:
        parts.append(isolate(one.device))
    if one.number:
        parts.append(translate("exchange", "bundle {0}").format(one.number))
    if one.made_at:
        parts.append(translate("exchange", "made {0}").format(isolate(moment(one.made_at))))
    return " · ".join(parts)


def kind(one: CourierImport) -> tuple[str, str, str]:
    """In a sentence what it was, with icon and tone."""
    name = isolate(one.name)
    found = {
        "new": (translate("exchange", "New, and taken in."), "check-circle", "good"),
        "old": (translate("exchange", "Made before another one that came already: it filled a gap."), "check-circle", "good"),
        "doubled": (translate("exchange", "This bundle came before; nothing in it is new."), "info", "info"),
        "torn": (translate("exchange", "Damaged or cut off: {0} of %n envelopes were whole and came in.", None, one.envelopes).format(one.taken),
                 "warning", "warn"),
        "foreign": (translate("exchange", "This bundle is for somebody else. It cannot be opened here and was not changed."), "info", "muted"),
        "not_bundle": (translate("exchange", "This is not a bundle of Valise."), "cross-circle", "warn"),
        "own": (translate("exchange", "This laptop's delegation made this bundle: it is for those it was made for."), "info", "muted"),
    }[one.kind]  # fmt: skip
    if one.kind == "new" and name and one.operations:
        came = translate("exchange", "%n new things came.", None, one.operations)
        return came, found[1], found[2]
    return found


def details(one: CourierImport) -> list[str]:
    """What came and what is missing, a line each."""
    lines: list[str] = []
    if one.problem:
        lines.append(tell(Unavailable(one.problem)).happened)
    if one.kind in ("new", "old") and one.envelopes:
        if one.taken == one.envelopes:
            lines.append(translate("exchange", "All %Ln envelopes verified.", None, one.envelopes))
        else:
            lines.append(translate("exchange", "{0} of %n envelopes verified.", None, one.envelopes).format(one.taken))
    if one.kind in ("old", "torn") and one.operations:
        lines.append(translate("exchange", "%n things in it were new.", None, one.operations))
    if one.waiting:
        lines.append(translate("exchange", "%n envelopes are kept sealed until their keys come.", None, one.waiting))
    if one.kind == "torn":
        lines.append(translate("exchange", "Ask for the bundle once more; what came in is kept."))
    if one.missing:
        shown = listed(str(number) for number in one.missing[:SHOWN]) + ("…" if len(one.missing) > SHOWN else "")
        said = translate("exchange", "Bundles {0} of {1} have not come.", None, len(one.missing))
        lines.append(said.format(shown, isolate(one.name)))
        lines.append(translate("exchange", "If that stick still comes, open it too; if not, take a bundle back: it asks for what was in it."))
    return lines
