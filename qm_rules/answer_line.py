"""The answer as one line, put together from ready pieces: the same text as `canonical_json(to_dict())`.

Grading a file of 100 000 evidences spends most of its time writing gaps that repeat; so every gap of an
item, and all of an indicator's but its value, is written once per rulebook. A property test holds both
forms equal to the byte.
"""

from __future__ import annotations

from json.encoder import encode_basestring
from weakref import WeakKeyDictionary

from qm_rules.canonical import canonical_json
from qm_rules.grading import Gap, Grade
from qm_rules.indicators import Indicator
from qm_rules.notes import Note
from qm_rules.rulebook import HIGHEST, Rulebook

_LEVELS = range(1, HIGHEST + 1)


class Pieces:
    """What every answer under one rulebook has in common, as canonical JSON."""

    def __init__(self, book: Rulebook) -> None:
        pack = canonical_json({"id": book.pack.id, "sha256": book.pack.sha256})
        self.tail = f'"pack":{pack},"policy":{canonical_json(book.policy)},"status":'
        self.names = {
            level: f'"level":{level},"level_id":"{level_id}","level_name":{encode_basestring(name)}'
            for level, (level_id, name) in book.names.items()
        }
        self.names[None] = '"level":null,"level_id":null,"level_name":null'
        self.dimensions, self.indicators = sorted(book.members), sorted(book.ladders)
        self.gaps = {
            to_level: [(name, _by_own_level(book, name, to_level)) for name in (*book.ladders, *book.items)]
            for to_level in _LEVELS
        }

    names: dict[int | None, str]


_pieces: WeakKeyDictionary[Rulebook, Pieces] = WeakKeyDictionary()


def answer_line(grade: Grade) -> str:
    """Return the grade's answer as canonical JSON, without the line feed."""
    book, document = grade.book, grade.evidence.document
    pieces = _pieces.get(book)
    if pieces is None:
        pieces = _pieces[book] = Pieces(book)
    dimensions, window = grade.dimensions, document["window"]
    binding = '","'.join(grade.binding)
    levels = ",".join([f'"{name}":{dimensions[name] or "null"}' for name in pieces.dimensions])
    values = ",".join([f'"{name}":{_indicator(grade.indicators[name])}' for name in pieces.indicators])
    notes = ",".join([_note(note) for note in grade.notes]) if grade.notes else ""
    return (
        f'{{"at_most":{grade.at_most},"binding":[' + (f'"{binding}"' if binding else "") + "],"
        f'"dimensions":{{{levels}}},"enterprise_id":{encode_basestring(document["enterprise_id"])},'
        f'"evidence_sha256":"{grade.evidence.sha256}","gaps":[{_gaps(grade, pieces)}],'
        f'"indicators":{{{values}}},{pieces.names[grade.level]},"notes":[{notes}],'
        f'{pieces.tail}"{grade.status}","window":{{"end":"{window["end"]}","start":"{window["start"]}"}}}}'
    )


def _indicator(indicator: Indicator) -> str:
    value, exact, level, status = indicator
    if value is None:
        return f'{{"exact":null,"level":{level or "null"},"status":"{status}","value":null}}'
    return f'{{"exact":"{exact}","level":{level},"status":"{status}","value":"{value}"}}'


def _note(note: Note) -> str:
    name = note["indicator"]
    if len(note) > 2 or name is None:
        return canonical_json(note)
    return f'{{"code":"{note["code"]}","indicator":"{name}"}}'


def _gaps(grade: Grade, pieces: Pieces) -> str:
    own, indicators = grade.own, grade.indicators
    found = []
    for to_level in range(grade.at_most + 1, HIGHEST + 1):
        for name, by_own_level in pieces.gaps[to_level]:
            piece = by_own_level.get(own[name])
            if piece is None:
                continue
            if name in indicators:
                value = indicators[name].value
                piece = '{"has":' + ("null" if value is None else f'"{value}"') + piece
            found.append(piece)
    return ",".join(found)


def _by_own_level(book: Rulebook, name: str, to_level: int) -> dict[int | None, str]:
    """Return the gap's text by own level; an indicator's begins after `has`, which differs every time."""
    ladder = book.ladders.get(name)
    found: dict[int | None, str] = {}
    for own in _LEVELS:
        if not book.supports(name, own, to_level):
            step = ladder.asked[to_level] if ladder else None
            gap = Gap(
                to_level,
                name,
                str(own),
                step.operator if step else ">=",
                step.needs if step else str(to_level),
            )
            text = canonical_json(gap._asdict())
            found[own] = text if ladder is None else text.removeprefix(f'{{"has":"{own}"')
    return found
