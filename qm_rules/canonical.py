"""Canonical JSON: the same bytes for the same answer on every machine."""

from __future__ import annotations

import json

_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def canonical_json(value: object) -> str:
    """Return the value as JSON with sorted keys, no spaces, on one line, without the line feed.

    Characters outside ASCII stand for themselves (UTF-8 when written). Raises ValueError for NaN.
    """
    return _ENCODER.encode(value)
