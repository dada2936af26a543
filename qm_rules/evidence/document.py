"""The evidence of one enterprise over one window: sound, or refused with all its faults."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from qm_rules.canonical import canonical_json
from qm_rules.evidence.law import EVIDENCE
from qm_rules.evidence.plain import is_plainly_sound
from qm_rules.evidence.shapes import ROOT
from qm_rules.evidence.strict_json import decode_utf8, strict_json
from qm_rules.faults import EvidenceError
from qm_rules.json_types import Json, JsonObject

_decode = json.JSONDecoder().decode
_ROW_KEYS = (
    ("deliveries", lambda row: row["product_id"]),
    ("first_pass", lambda row: (row["product_id"], row["process_id"])),
    ("capability", lambda row: row["characteristic_id"]),
)


class Evidence:
    """A sound evidence. `document` is what was handed in (never to be changed); `canonical` its canonical
    JSON.

    Canonical means: rows sorted by key, months sorted, nothing added and nothing left out, so that anyone
    can make the same bytes from the file itself.
    """

    __slots__ = ("canonical", "document")

    def __init__(self, document: Mapping[str, Any], canonical: str) -> None:
        self.document = document
        self.canonical = canonical

    @property
    def enterprise_id(self) -> str:
        """The enterprise that the evidence is about."""
        return str(self.document["enterprise_id"])

    @property
    def sha256(self) -> str:
        """SHA-256 of the canonical evidence in UTF-8, without a line feed."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()


def parse_evidence(source: str | bytes | Mapping[str, Any]) -> Evidence:
    """Return the evidence that a JSON text (or the object read from one) holds.

    Raises EvidenceError with every fault. A dict may hold only what JSON can: str, int, bool, None, list,
    dict.
    """
    if isinstance(source, bytes):
        source = decode_utf8(source)
    if isinstance(source, str):
        return _quick(source) or _slow(strict_json(source))
    return Evidence(source, _canonical(source)) if is_plainly_sound(source) else _slow(source)


def _quick(text: str) -> Evidence | None:
    """Return the evidence if it is plainly sound and no key stands twice; None if the law must look."""
    try:
        document = _decode(text)
    except (ValueError, RecursionError):
        return None
    if not is_plainly_sound(document):
        return None
    canonical = _canonical(document)
    return Evidence(document, canonical) if _is_all_there(text, canonical) else None


def _is_all_there(text: str, canonical: str) -> bool:
    """Say whether the canonical form has every string of the text: a key given twice would have lost one.

    Without a backslash in the text each string has exactly two quotation marks, in both forms.
    """
    return "\\" not in text and text.count('"') == canonical.count('"')


def _slow(document: Json) -> Evidence:
    faults = EVIDENCE.faults(document, ROOT)
    if faults:
        raise EvidenceError(tuple(faults))
    return Evidence(document, _canonical(document))


def _canonical(document: Mapping[str, Any]) -> str:
    return canonical_json(_sorted_rows(document))


def _sorted_rows(document: Mapping[str, Any]) -> Mapping[str, Any]:
    many: JsonObject = {
        key: sorted(document[key], key=order) for key, order in _ROW_KEYS if len(document.get(key, ())) > 1
    }
    missing = document.get("missing_months")
    if missing:
        many["missing_months"] = {statistic: sorted(months) for statistic, months in missing.items()}
    return {**document, **many} if many else document
