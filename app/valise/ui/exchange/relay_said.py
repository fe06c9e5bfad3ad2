"""The relay and the permissions on it, in words."""

from __future__ import annotations

from valise.desk.door_exchange import AddressView, GrantView, RelayView
from valise.domain.errors import Unavailable
from valise.ui.language import comma, semicolons, sentences, translate
from valise.ui.strings import tell
from valise.ui.text_safe import isolate
from valise.ui.widgets.times import date

DAY = 24 * 3600 * 1000
SOON = 30 * DAY  # before this laptop's own credential ends


def sees() -> tuple[str, str, str]:
    """What a relay can see, cannot see, and can do, a line each."""
    return (
        translate("exchange", "It sees: that your laptops and those of your correspondents connect, from where, when, and how much they send."),
        translate("exchange", "It does not see: any word, title or file, who signed what, or what a delegation is called here."),
        translate("exchange", "It can lose, hold back or stop. Nothing is lost by that: what is not confirmed stays here and is sent again."),
    )


def grant_state(one: GrantView) -> tuple[str, str, str]:
    """Words, icon and tone."""
    return {
        "active": (translate("exchange", "May write"), "check", "good"),
        "ending": (translate("exchange", "Ends soon"), "clock", "warn"),
        "expired": (translate("exchange", "Has ended"), "minus", "muted"),
        "revoked": (translate("exchange", "Revoked"), "cross-circle", "muted"),
        "revoking": (translate("exchange", "Revoking"), "warning", "warn"),
    }[one.state]


def grant_more(one: GrantView) -> str:
    """Beside the state: the relay's word on it, or until when."""
    if one.state == "revoking":
        return translate("exchange", "the relay has not confirmed yet")
    if one.state == "revoked":
        return translate("exchange", "nothing more is taken with it")
    return translate("exchange", "until {0}").format(isolate(date(one.expires)))


def told(one: GrantView) -> str:
    """How it reached them."""
    return {
        "room": translate("exchange", "sealed, over the exchange"),
        "card": translate("exchange", "in a card handed over"),
    }.get(one.told, translate("exchange", "not sent yet"))


def who(one: GrantView | AddressView) -> tuple[str, str]:
    """Code and name; while a card was only handed over, the note."""
    if one.code:
        return one.code, one.name
    note = one.note if isinstance(one, GrantView) else ""
    return note or "–", translate("exchange", "noted by you; no answer yet")


def grant_spoken(one: GrantView) -> str:
    """A whole row."""
    code, name = who(one)
    words = grant_state(one)[0]
    given = translate("exchange", "given {0}").format(isolate(date(one.made_at)))
    return semicolons((f"{isolate(code)} {isolate(name)}", f"{words}{comma()}{grant_more(one)}", given, told(one)))


def address_state(one: AddressView) -> tuple[str, str, str]:
    """Words, icon and tone."""
    return {
        "active": (translate("exchange", "We may write"), "check", "good"),
        "ending": (translate("exchange", "Ends soon"), "clock", "warn"),
        "expired": (translate("exchange", "Has ended"), "minus", "warn"),
        "withdrawn": (translate("exchange", "Taken back"), "cross-circle", "warn"),
    }[one.state]


def address_more(one: AddressView) -> str:
    """Until when, or what to do."""
    if one.state in ("active", "ending"):
        return translate("exchange", "until {0}").format(isolate(date(one.expires)))
    return translate("exchange", "ask it for a new one")


def address_spoken(one: AddressView) -> str:
    """A whole row."""
    return semicolons((f"{isolate(one.code)} {isolate(one.name)}", isolate(one.host), f"{address_state(one)[0]}{comma()}{address_more(one)}"))


def ending(view: RelayView, now: int) -> tuple[str, str]:
    """What is said before and after this laptop's own credential ends: happened, what to do. ("", "") while there is time."""
    if not view.host or not view.expires or view.expires - now > SOON:
        return "", ""
    what = translate("exchange", "Ask its operator for a new file and open it here. What waits is kept; a courier can take it.")
    if view.expires <= now:
        return translate("exchange", "This laptop's permission to use the relay ended on {0}.").format(isolate(date(view.expires))), what
    return translate("exchange", "This laptop's permission to use the relay ends on {0}.").format(isolate(date(view.expires))), what


def unconfirmed(view: RelayView) -> str:
    """That asking the relay to take back what was revoked fails, and why; "" while it does not."""
    if not view.problem:
        return ""
    why = tell(Unavailable(view.problem)).happened
    return sentences((translate("exchange", "The relay has not confirmed what was revoked; it is asked again by itself."), why))


def until_confirmed() -> str:
    """What that means."""
    return translate("exchange", "Until it does, something may still be put there with that permission.")


def without_agent() -> str:
    """What can be done."""
    return translate("exchange", "A relay without an agent never confirms by itself: save the revocations for its operator.")


def own(view: RelayView) -> str:
    """Our mailbox in a line."""
    parts = [translate("exchange", "since {0}").format(isolate(date(view.since)))] if view.since else []
    parts.append(
        translate("exchange", "until {0}").format(isolate(date(view.expires)))
        if view.expires
        else translate("exchange", "without an end")
    )
    parts.append(
        translate("exchange", "known by its own key")
        if view.pinned
        else translate("exchange", "known by the authorities of this computer")
    )
    return " · ".join(parts)
