"""How an assessment begins: its round, its id, the edition that it quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from features.self_assessment import checks
from features.self_assessment.assessment import Assessment, State
from features.self_assessment.refusals import AssessmentRefused
from qm_rules import load_pack

PREFIX = "SA-"
"""How the id of every assessment begins."""
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Round(NamedTuple):
    """What an assessment is of: one enterprise, looked at up to the end of month `as_of`, `YYYY-MM`."""

    enterprise_id: str
    as_of: str


def opened(wanted: Round, by: str, number: int, others: Iterable[Assessment]) -> Assessment:
    """Return the draft of a round, given all other assessments of the enterprise.

    The declared or reviewed one of the same round, if any, is what the draft corrects. One draft at a time:
    two would be two truths about one enterprise.
    """
    others = list(others)
    faults = checks.name("by", by)
    if not _MONTH.fullmatch(wanted.as_of):
        faults.append(f"as-of: found {wanted.as_of!r:.40}; allowed: a month, YYYY-MM")
    drafts = [one.id for one in others if one.state is State.DRAFT]
    if drafts:
        faults.append(
            f"new: {wanted.enterprise_id} has the draft {drafts[0]}; allowed: declare it or withdraw it first"
        )
    if faults:
        raise AssessmentRefused(*faults)
    standing = [
        one.id
        for one in others
        if one.as_of == wanted.as_of and one.state in (State.DECLARED, State.REVIEWED)
    ]
    pack = load_pack()
    return Assessment(
        id=f"{PREFIX}{number:04d}",
        enterprise_id=wanted.enterprise_id,
        as_of=wanted.as_of,
        edition=pack.id,
        pack_sha256=pack.sha256,
        created_by=by,
        supersedes=standing[-1] if standing else None,
    )
