"""The answer as one line, put together from ready pieces: the same text as `canonical_json(to_dict())`.

Grading a file of 100 000 evidences spends most of its time writing gaps that repeat; so every gap of an
item, and all of an indicator's but its value, is written once per rulebook. A property test holds both
forms equal to the byte.
"""

from __future__ import annotations

from functools import lru_cache
from json.encoder import encode_basestring
from operator import getitem

from qm_rules.canonical import canonical_json
from qm_rules.grading import Gap, Grade
from qm_rules.indicators import Indicator
from qm_rules.notes import Note
from qm_rules.rulebook import HIGHEST, Rulebook

NOT_SUPPLIED = 0
OWN_LEVELS = range(NOT_SUPPLIED, HIGHEST + 1)
"""Own levels as positions in a list of ready texts."""


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
        self.gaps = [
            (
                [_tails(book, name, to_level) for name in book.ladders],
                [_items(name, to_level) for name in book.items],
            )
            for to_level in range(1, HIGHEST + 1)
        ]

    names: dict[int | None, str]


@lru_cache(maxsize=64)
def pieces_of(book: Rulebook) -> Pieces:
    """Return the pieces of a rulebook, made once."""
    return Pieces(book)


def answer_line(grade: Grade) -> str:
    """Return the grade's answer as canonical JSON, without the line feed."""
    book, document = grade.book, grade.evidence.document
    pieces = pieces_of(book)
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
    own = [level or NOT_SUPPLIED for level in grade.levels]
    values = [indicator.value for indicator in grade.indicators.values()]
    heads = ['{"has":null' if value is None else f'{{"has":"{value}"' for value in values]
    items = own[len(heads) :]
    found: list[str] = []
    for tails, texts in pieces.gaps[grade.at_most :]:
        found += [head + tail for head, tail in zip(heads, map(getitem, tails, own), strict=False) if tail]
        found += filter(None, map(getitem, texts, items))
    return ",".join(found)


def _tails(book: Rulebook, name: str, to_level: int) -> list[str]:
    """Return an indicator's gap by its own level, from what follows `has`; empty where it is no gap."""
    step = book.ladders[name].asked.get(to_level)
    if step is None:
        return [""] * len(OWN_LEVELS)
    text = canonical_json(Gap(to_level, name, None, step.operator, step.needs)._asdict())
    tail = text.removeprefix('{"has":null')
    return ["" if own == NOT_SUPPLIED or book.supports(name, own, to_level) else tail for own in OWN_LEVELS]


def _items(name: str, to_level: int) -> list[str]:
    """Return an item's gap by its own level; empty where it is no gap."""
    gaps = [Gap(to_level, name, str(own), ">=", str(to_level)) for own in OWN_LEVELS]
    return [canonical_json(gap._asdict()) if 0 < int(gap.has or 0) < to_level else "" for gap in gaps]
