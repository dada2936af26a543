"""Reads `clauses.yaml`, the annex cut into clauses, and holds it complete: no sentence missing, none twice.

A new sentence in a future edition's annex, a bound or a wording that no clause names, a clause that names
something unknown: each is refused when the edition is read, so that it cannot be graded by unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from qm_rules.faults import PackError
from qm_rules.pack.contents import Clause, IndicatorRule, Item, bare
from qm_rules.pack.yaml_files import only_keys

FILE = "clauses.yaml"
KINDS = ("heading", "indicators", "items", "defines")
LEVELS = (1, 2, 3, 4, 5)
_SHOWN = 30


def read_clauses(sections: object, known: Mapping[str, Iterable[str]]) -> tuple[Clause, ...]:
    """Return the clauses in the annex's order; `known` are the names allowed to each kind and `policies`."""
    if not isinstance(sections, dict):
        raise PackError(f"{FILE}: found {type(sections).__name__}; allowed: a mapping of sections")
    return tuple(
        _clause(section, clause, known) for section, clauses in sections.items() for clause in clauses
    )


def check_annex(clauses: tuple[Clause, ...], source: str, title: str) -> None:
    """Raise PackError unless the clauses, joined, are the source from the line of the annex's title on."""
    _, found, rest = source.rpartition(f"\n{title}\n")
    if not found:
        raise PackError(f"edition.yaml, annex: found {title!r}; allowed: a line of the source that starts it")
    annex, listed = _unspaced(title + rest), _unspaced("".join(clause.quote for clause in clauses))
    if annex != listed:
        at = _first_difference(annex, listed)
        raise PackError(
            f"{FILE}: found {listed[at : at + _SHOWN]!r} after {listed[max(0, at - _SHOWN) : at]!r}; "
            f"allowed: {annex[at : at + _SHOWN]!r}, as the annex goes on"
        )


def check_reached(
    clauses: tuple[Clause, ...], indicators: Mapping[str, IndicatorRule], items: Mapping[str, Item]
) -> None:
    """Raise PackError unless every definition, bound and wording lies in a clause that names it."""
    for name, level, quote, file in _quotes(indicators, items):
        if not any(_names(clause, name, level) and bare(quote) in clause.quote for clause in clauses):
            place = "as a definition" if level is None else f"at level {level}"
            raise PackError(
                f"{file}, {name}: found the quote {quote!r}; allowed: words of a clause that names it {place}"
            )


def _quotes(
    indicators: Mapping[str, IndicatorRule], items: Mapping[str, Item]
) -> Iterator[tuple[str, int | None, str, str]]:
    for name, rule in indicators.items():
        yield name, None, rule.quote, "thresholds.yaml"
        yield name, 1, rule.level_1["quote"], "thresholds.yaml"
        for bound in rule.bounds:
            yield name, bound.level, bound.quote, "thresholds.yaml"
    for name, item in items.items():
        for level in LEVELS:
            yield name, level, item.wording[level], "items.yaml"


def _names(clause: Clause, name: str, level: int | None) -> bool:
    if level is None:
        return name in clause.defines
    return clause.level == level and name in (*clause.indicators, *clause.items)


def _clause(section: str, clause: object, known: Mapping[str, Iterable[str]]) -> Clause:
    keys = only_keys(clause, f"{FILE}, {section}", {"quote"}, {*KINDS, "level", "how", "policies"})
    where = f"{FILE}, {section}, {keys['quote']!r}"
    kinds = [kind for kind in KINDS if kind in keys]
    if len(kinds) != 1:
        raise PackError(f"{where}: found {', '.join(kinds) or 'no kind'}; allowed: one of {', '.join(KINDS)}")
    _check_beside(keys, kinds[0], where)
    for kind in ("indicators", "items", "defines", "policies"):
        _check_known(keys.get(kind, []), kind, known, where)
    lists = {kind: tuple(keys.get(kind, ())) for kind in ("indicators", "items", "defines", "policies")}
    return Clause(section, **{**keys, **lists})


def _check_beside(keys: Mapping[str, Any], kind: str, where: str) -> None:
    """A bound or wording has a level, a definition says how it is dealt with; nothing else has either."""
    is_level, is_how = kind in ("indicators", "items"), kind == "defines"
    if is_level and keys.get("level") not in LEVELS:
        raise PackError(f"{where}: found the level {keys.get('level')!r}; allowed: 1, 2, 3, 4, 5")
    if is_how and not keys.get("how"):
        raise PackError(f"{where}: found no key 'how'; needed: how the definition is dealt with")
    for key, belongs in (("level", is_level), ("how", is_how)):
        if key in keys and not belongs:
            raise PackError(f"{where}: found the key {key!r} beside {kind}; allowed: none")


def _check_known(names: object, kind: str, known: Mapping[str, Iterable[str]], where: str) -> None:
    allowed = tuple(known[kind])
    if not isinstance(names, list) or not all(name in allowed for name in names):
        raise PackError(f"{where}, {kind}: found {names!r}; allowed: a list of {', '.join(allowed)}")


def _unspaced(text: str) -> str:
    return "".join(text.split())


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))
