"""An incident as a STIX 2.1 bundle. The same incident gives the same octets: identifiers and times follow from its record."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from valise.formats.stix import terms
from valise.formats.stix.terms import moment, named

_ACTS: Final = "Valise"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What a bundle is made of. `form` is what stands; times ms UTC; `source` the delegation that opened it (id, name)."""

    id: str
    at: int
    changed_at: int
    source: tuple[str, str]
    form: Mapping[str, Any]
    embargo: int = 0


def bundle(one: Outgoing) -> bytes:
    """The file: identity, markings, incident, an indicator for each address, and how they belong together."""
    form = one.form
    exercise = bool(form["exercise"])
    who = named("identity", one.source[0])
    marks: list[dict[str, Any]] = [terms.tlp_object(str(form["tlp"]))]
    national = str(form.get("national_marking", ""))
    made, changed = moment(one.at), moment(max(one.at, one.changed_at))
    if national:
        marks.append({
            "type": "marking-definition", "spec_version": "2.1", "id": named("marking-definition", one.source[0], national),
            "created_by_ref": who, "created": made, "definition_type": "statement", "definition": {"statement": national},
        })  # fmt: skip
    refs = [mark["id"] for mark in marks]
    common = {"spec_version": "2.1", "created_by_ref": who, "created": made, "modified": changed, "object_marking_refs": refs}
    if exercise:
        common["labels"] = ["exercise"]
    lang = {"lang": str(form["languages"])} if form.get("languages") else {}
    identity = {
        "type": "identity", "spec_version": "2.1", "id": who, "created": terms.FORM_MADE, "modified": terms.FORM_MADE,
        "name": one.source[1], "identity_class": "organization",
    }  # fmt: skip
    extension = {
        "type": "extension-definition", "spec_version": "2.1", "id": terms.FORM, "created_by_ref": named("identity", _ACTS),
        "created": terms.FORM_MADE, "modified": terms.FORM_MADE, "name": "Form of an ICT incident",
        "description": "The keys of a notification or a request for assistance between States.",
        "schema": "urn:valise:incident-form:1", "version": "1.0.0", "extension_types": ["property-extension"],
    }  # fmt: skip
    maker = {**identity, "id": named("identity", _ACTS), "name": _ACTS, "identity_class": "system"}
    held = {key: value for key, value in form.items() if key != "indicators"}
    told = {"description": str(form["description"])} if form.get("description") else {}  # an update may have taken it back
    incident = {
        "type": "incident", "id": named("incident", one.id), **common, **lang, "name": _marked(str(form["title"]), exercise), **told,
        "extensions": {terms.FORM: {
            "extension_type": "property-extension", "form_version": terms.FORM_VERSION,
            "form": json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":")), "embargo": one.embargo,
        }},
    }  # fmt: skip
    objects: list[dict[str, Any]] = [maker, extension, identity, *marks, incident]
    for found in form.get("infrastructure_in_recipient_territory", ()):
        pattern = terms.pattern(found["what"])
        if not pattern:
            continue
        start = found["from"] or form.get("first_observed", 0) or one.at
        parts = (one.id, pattern, str(found["from"]), str(found["to"]))
        indicator: dict[str, Any] = {
            "type": "indicator", "id": named("indicator", *parts), **common, "name": _marked(found["what"], exercise),
            "pattern": pattern, "pattern_type": "stix", "pattern_version": "2.1", "valid_from": moment(start),
        }  # fmt: skip
        if found["to"] > start:
            indicator["valid_until"] = moment(found["to"])
        relation = {
            "type": "relationship", "id": named("relationship", *parts), **common, "relationship_type": "related-to",
            "source_ref": indicator["id"], "target_ref": incident["id"],
        }  # fmt: skip
        if all(each["id"] != indicator["id"] for each in objects):
            objects += (indicator, relation)
    body = _encoded(objects)
    whole = {"type": "bundle", "id": named("bundle", hashlib.sha256(body).hexdigest()), "objects": objects}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=1).encode() + b"\n"


def _encoded(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _marked(words: str, exercise: bool) -> str:
    return f"{terms.EXERCISE}: {words}" if exercise else words
