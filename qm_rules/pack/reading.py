"""Reads an edition's folder into a `Pack` and refuses whatever it does not know."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from qm_rules.faults import PackError
from qm_rules.pack.annex import check_annex, check_reached, read_clauses
from qm_rules.pack.contents import Pack, Target
from qm_rules.pack.english import check_english, read_english
from qm_rules.pack.items import read_people
from qm_rules.pack.policies import read_policies
from qm_rules.pack.thresholds import read_judged
from qm_rules.pack.yaml_files import only_keys, read_yaml
from qm_rules.words import Words

EDITION_KEYS = {"id", "document", "title", "annex", "issuers", "issued", "in_force_from", "source"}


def in_force_from(folder: Path) -> date:
    """Return the day from which the edition in the folder is in force."""
    return _day(_edition(folder), "in_force_from")


def read_pack(folder: Path) -> Pack:
    """Return the pack of the folder; raises PackError with file, key and what is allowed."""
    edition = _edition(folder)
    levels, indicators = read_judged(read_yaml(folder / "thresholds.yaml"))
    dimensions, items = read_people(read_yaml(folder / "items.yaml"), indicators)
    policies = read_policies(read_yaml(folder / "policy.yaml"))
    goals = only_keys(read_yaml(folder / "targets.yaml"), "targets.yaml", {"targets", "misprints"})
    pack = Pack(
        id=edition["id"],
        sha256=pack_sha256(folder),
        document=edition["document"],
        title=edition["title"],
        annex=edition["annex"],
        issuers=tuple(edition["issuers"]),
        issued=_day(edition, "issued"),
        in_force_from=_day(edition, "in_force_from"),
        levels=levels,
        indicators=indicators,
        items=items,
        dimensions=dimensions,
        policies=policies,
        targets=tuple(_target(target) for target in goals["targets"]),
        misprints=tuple(_misprint(misprint) for misprint in goals["misprints"]),
        source=_source(folder / edition["source"]),
        clauses=(),
        translations={},
        governs=Words("", ""),
    )
    return _translated(_with_clauses(pack, folder), folder)


def pack_sha256(folder: Path) -> str:
    """Return the SHA-256 over the sorted lines `path NUL sha256-of-file`, each ended by a line feed.

    Paths are relative to the edition's folder with `/`; every file counts but those whose name begins with
    a dot.
    """
    files = [file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(".")]
    lines = sorted(
        f"{file.relative_to(folder).as_posix()}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n"
        for file in files
    )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _with_clauses(pack: Pack, folder: Path) -> Pack:
    known = {
        "indicators": tuple(pack.indicators),
        "items": tuple(pack.items),
        "defines": (*(level.id for level in pack.levels), *pack.dimensions, *pack.indicators, *pack.items),
        "policies": tuple(pack.policies),
    }
    clauses = read_clauses(read_yaml(folder / "clauses.yaml"), known)
    check_annex(clauses, pack.source, pack.annex)
    check_reached(clauses, pack.indicators, pack.items)
    return replace(pack, clauses=clauses)


def _translated(pack: Pack, folder: Path) -> Pack:
    governs, translations = read_english(read_yaml(folder / "english.yaml"))
    translated = replace(pack, governs=governs, translations=translations)
    check_english(translated)
    return translated


def _edition(folder: Path) -> Mapping[str, Any]:
    edition = only_keys(read_yaml(folder / "edition.yaml"), "edition.yaml", EDITION_KEYS)
    if edition["id"] != folder.name:
        raise PackError(
            f"edition.yaml: found the id {edition['id']!r}; allowed: the folder's name {folder.name!r}"
        )
    return edition


def _day(edition: Mapping[str, Any], key: str) -> date:
    try:
        return date.fromisoformat(edition[key])
    except (TypeError, ValueError):
        found = f"edition.yaml, {key}: found {edition[key]!r}"
        raise PackError(f'{found}; allowed: a day in quotes such as "2023-12-12"') from None


def _source(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(
            f"edition.yaml, source: found {file.name!r} ({error}); allowed: a UTF-8 file"
        ) from error


def _target(target: object) -> Target:
    return Target(**only_keys(target, "targets.yaml, targets", {"by", "counts", "clause", "quote"}))


def _misprint(misprint: object) -> Mapping[str, object]:
    needed = {"by", "level", "count", "printed_in", "quote", "stands", "why"}
    return only_keys(misprint, "targets.yaml, misprints", needed)
