"""The journal in words: one line an act, with what it rests on folded below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from serving.journal.wanted import CHINA, KINDS, kind_of
from serving.web.language import Language
from serving.web.reading import Row

if TYPE_CHECKING:
    from features.journal import Change

ROWS, EVENTS = 400, 50
"""Entries that are read for a page, and acts that are shown on it."""
LONGEST = 160
"""Characters of a value before it is cut."""


def events(changes: Sequence[Change]) -> list[list[Change]]:
    """Return the acts in `changes` (newest first), each with its entries in the order of their writing.

    What may be only the end of an act, because no more was read, is left for the next page.
    """
    found = groupby(changes, lambda one: (one.subject, one.version, one.action, one.who, one.at))
    acts = [list(group)[::-1] for _, group in found]
    return acts[:-1] if len(changes) == ROWS and len(acts) > 1 else acts


def journal_view(
    t: Language, acts: Sequence[Sequence[Change]], enterprises: Mapping[str, Row], given: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the page shows."""
    return {
        "acts": [_act(t, act, enterprises) for act in acts],
        "kinds": [{"id": kind, "name": t(f"journal.kind.{kind}")} for kind in KINDS],
        "given": {name: given.get(name, "") for name in ("kind", "who", "enterprise", "since", "until")},
    }


def _act(t: Language, act: Sequence[Change], enterprises: Mapping[str, Row]) -> dict[str, Any]:
    first, kind = act[0], kind_of(act[0].subject)
    facts = {change.field: change.new for change in act}
    return {
        "seq": first.seq if len(act) == 1 else f"{act[0].seq}–{act[-1].seq}",
        "hash": act[-1].hash,
        "at": first.at,
        "when": _when(t, first.at),
        "who": first.who,
        "kind": kind,
        "kind_name": t.either(f"journal.kind.{kind}", kind),
        "action": t.either(f"journal.action.{first.action}", first.action),
        "said": _said(t, kind, first, facts),
        **_subject(t, kind, first.subject, enterprises, facts),
        "facts": [_fact(t, change) for change in act],
    }


def _when(t: Language, at: str) -> str:
    local = datetime.fromisoformat(at).astimezone(CHINA)
    return f"{t.period(local.date().isoformat())} {local:%H:%M:%S}"


def _said(t: Language, kind: str, first: Change, facts: Mapping[str, Any]) -> str:
    """Return the act's gist, for the kinds that we write; nothing for others."""
    if kind == "grade" and isinstance(first.new, dict):
        level, start = first.new.get("level"), first.field.partition("/")
        words = t(f"level.{level}") if level else t("level.none")
        return t("journal.said.grade", level=words, start=t.period(start[0]), end=t.period(start[2]))
    if kind == "import" and isinstance(facts.get("tables"), dict):
        rows, new, same, replaced = map(sum, zip(*facts["tables"].values(), strict=True))
        numbers = {"rows": rows, "new": new, "same": same, "replaced": replaced}
        return t("journal.said.import", **{name: t.number(value) for name, value in numbers.items()})
    if kind == "outlook":
        return t(
            "journal.said.outlook", model=facts.get("model_version"), files=len(facts.get("files") or ())
        )
    if kind == "model":
        return "; ".join([*filter(None, [facts.get("because")]), *(facts.get("reasons") or ())])
    return ""


def _subject(
    t: Language, kind: str, subject: str, enterprises: Mapping[str, Row], facts: Mapping[str, Any]
) -> dict[str, str]:
    """Return what the act is about, and where that is found."""
    name = subject.partition(":")[2] or subject
    owner = name if kind == "grade" else str(facts.get("enterprise_id") or "")
    urls = {
        "grade": f"/enterprises/{quote(name)}",
        "assessment": f"/assessments/{quote(name)}",
        "action": f"/improvement/{quote(owner)}" if owner else "",
    }
    known = str(enterprises[owner].get("name") or owner) if owner in enterprises else ""
    url = urls.get(kind, "") if kind != "grade" or known else ""
    name = t("journal.import", number=name) if kind == "import" else name
    return {"subject": name, "subject_name": known if known != name else "", "url": url}


def _fact(t: Language, change: Change) -> dict[str, str]:
    name = t.either(f"journal.field.{change.field}", change.field)
    return {"field": name, "old": _short(change.old), "new": _short(change.new)}


def _short(value: Any) -> str:  # noqa: ANN401 - what JSON can say
    if value is None:
        return ""
    text = value if isinstance(value, str) else _plain(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _plain(value: Any) -> str:  # noqa: ANN401 - what JSON can say
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items() if item not in (None, {}, []))
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value[:20])
    return str(value)
