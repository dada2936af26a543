"""Issues a past grade again, to the byte, or says exactly why that cannot be done.

An answer names the edition by id and hash, every policy with its value, and the hash of its evidence. With
the evidence that is all there is to a grade but for the notes that only records give; those are taken from
the answer, and are the one thing in it that the evidence cannot confirm.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path

from qm_rules.evidence.document import Evidence
from qm_rules.evidence.shapes import ROOT, join, repeated_keys
from qm_rules.evidence.strict_json import decode_utf8, strict_json
from qm_rules.faults import EvidenceError, Fault, PackError, shown
from qm_rules.grading import Grade, grade
from qm_rules.json_types import Json, JsonObject
from qm_rules.notes import FROM_RECORDS
from qm_rules.pack.contents import Pack
from qm_rules.pack.loading import EDITIONS, edition_ids, load_pack
from qm_rules.pack.policy import Policy

_NOTHING = object()


class ReissueError(EvidenceError):
    """A grade cannot be issued again: `faults` say what differs, as path, found and allowed."""


def reissue(evidence: Evidence, answer: str | bytes | Json, *, folder: Path = EDITIONS) -> Grade:
    """Return the grade that the answer (JSON text, or the object read from it) was, from its evidence.

    Its canonical answer is the same as the earlier one, to the byte. Raises ReissueError with everything
    that differs: the evidence, the edition (by id and hash), a policy, or else whatever of the answer the
    evidence does not give.
    """
    document = _document(answer)
    if not isinstance(document, dict):
        raise ReissueError((Fault(ROOT, shown(document), "an answer of zhuoyue grade, one JSON object"),))
    faults = _evidence_faults(evidence, document)
    pack = _pack(document, folder, faults)
    policy = _policy(document, pack, faults) if pack else None
    if faults or pack is None or policy is None:
        raise ReissueError(tuple(faults))
    issued = grade(evidence, pack=pack, policy=policy, notes=_notes(document))
    differences = _differences(document, issued.to_dict(), ROOT)
    if differences:
        raise ReissueError(tuple(differences))
    return issued


def _document(answer: str | bytes | Json) -> Json:
    try:
        text = decode_utf8(answer) if isinstance(answer, bytes) else answer
        return strict_json(text) if isinstance(text, str) else text
    except EvidenceError as refused:
        raise ReissueError(refused.faults) from refused


def _evidence_faults(evidence: Evidence, document: JsonObject) -> list[Fault]:
    named = document.get("evidence_sha256", _NOTHING)
    if named == evidence.sha256:
        return []
    return [Fault("evidence_sha256", _found(named), f"that of this evidence, {evidence.sha256}")]


def _pack(document: JsonObject, folder: Path, faults: list[Fault]) -> Pack | None:
    named = document.get("pack", _NOTHING)
    edition = named.get("id", _NOTHING) if isinstance(named, dict) else _NOTHING
    if edition not in edition_ids(folder):
        faults.append(Fault("pack.id", _found(edition), f"an edition: {', '.join(edition_ids(folder))}"))
        return None
    try:
        pack = load_pack(edition, folder)
    except PackError as refused:
        faults.append(Fault("pack.id", _found(edition), f"an edition that can be read: {refused}"))
        return None
    if named.get("sha256") != pack.sha256:
        found = _found(named.get("sha256", _NOTHING))
        faults.append(Fault("pack.sha256", found, f"that of the edition as it stands, {pack.sha256}"))
    return pack


def _policy(document: JsonObject, pack: Pack, faults: list[Fault]) -> Policy | None:
    """Return the answer's policy with every setting: one that is lacking is a fault, never guessed."""
    named = document.get("policy", _NOTHING)
    if not isinstance(named, dict):
        faults.append(Fault("policy", _found(named), "an object with every policy of the edition"))
        return None
    before = len(faults)
    for name, setting in pack.policies.items():
        value = named.get(name, _NOTHING)
        if not isinstance(value, str) or not setting.allows(value):
            faults.append(Fault(f"policy.{name}", _found(value), setting.allowed))
    known = ", ".join(pack.policies)
    faults += [
        Fault(join("policy", str(name)), "a policy that the edition does not know", known)
        for name in named
        if name not in pack.policies
    ]
    return Policy(**named) if len(faults) == before else None


def _notes(document: JsonObject) -> list[dict[str, str | None]]:
    """Return the notes that only records can give; a note of another shape is left to the comparison."""
    notes = document.get("notes")
    return [
        note
        for note in (notes if isinstance(notes, list) else [])
        if isinstance(note, dict)
        and note.get("code") in FROM_RECORDS
        and all(isinstance(value, str | None) for value in note.values())
    ]


def _differences(found: Json, allowed: Json, path: str) -> list[Fault]:
    """Return where two JSON values differ, down to the last value."""
    if isinstance(found, dict) and isinstance(allowed, dict):
        twice = [Fault(join(path, key), "the key more than once", "once") for key in repeated_keys(found)]
        keys = dict.fromkeys((*allowed, *found))
        parts = ((join(path, key), found.get(key, _NOTHING), allowed.get(key, _NOTHING)) for key in keys)
        return twice + [fault for at, one, other in parts for fault in _differences(one, other, at)]
    if isinstance(found, list) and isinstance(allowed, list):
        pairs = enumerate(zip_longest(found, allowed, fillvalue=_NOTHING))
        return [
            fault
            for i, (one, other) in pairs
            for fault in _differences(one, other, f"{'' if path == ROOT else path}[{i}]")
        ]
    same = type(found) is type(allowed) and found == allowed
    return [] if same else [Fault(path, _found(found), _found(allowed))]


def _found(value: object) -> str:
    return "nothing" if value is _NOTHING else shown(value)
