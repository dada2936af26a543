"""The kinds of documents that are kept; `zhuoyue journal verify` holds all of them against the journal."""

from __future__ import annotations

from features.documents.register import Kind

TARGETS = Kind("target", "targets", 500)
SCENARIOS = Kind("scenario", "scenarios", 200)
LISTS = Kind("list", "lists", 200)
KINDS = (TARGETS, SCENARIOS, LISTS)
