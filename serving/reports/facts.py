"""Everything that a report says, gathered once: the grade, how it came about, and what the records add to it.

A report of an evidence file knows only what the file says; one from the store also has the enterprise's
row, both assessments of every item, and its characteristics with their charts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from qm_rules import Evidence, Grade, Pack, Policy, grade, load_pack, parse_evidence
from qm_rules.comparison import Reading, readings
from qm_rules.notes import Note
from qm_rules.shortfall import Shortfall, shortfalls
from qm_rules.trace import Trace, trace
from serving.journal.issuing import given_out
from serving.reports.names import Names, read_enterprise, read_names
from serving.reports.studies import Study, studies

if TYPE_CHECKING:
    import pandas as pd

    from features.evidence import AssessedItem
    from features.self_assessment import Assessment
    from features.settings import Settings
    from features.tables import Tables


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of one grade.

    `shortfalls` has one for each of the grade's gaps; `readings` the grade by every reading, itself first;
    `enterprise` is the row of table `enterprises` (only the id without one); `assessed` all nine items, none
    for an evidence file; `capability` the rows of `features.capability`, None for an evidence file; `studies`
    the charts of the characteristics that decide; `self_assessment` the newest one that was declared by the
    last day of the window, None where there is none.
    """

    grade: Grade
    trace: Trace
    shortfalls: tuple[Shortfall, ...]
    readings: tuple[Reading, ...]
    enterprise: Mapping[str, Any]
    names: Names = field(default_factory=Names)
    assessed: tuple[AssessedItem, ...] = ()
    capability: pd.DataFrame | None = None
    studies: tuple[Study, ...] = ()
    self_assessment: Assessment | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the plant's own ids, which no rule of typography may touch."""
        document = self.grade.evidence.document
        keys = ("product_id", "process_id", "characteristic_id")
        rows = [
            row for part in ("deliveries", "first_pass", "capability") for row in document.get(part) or ()
        ]
        return tuple(sorted({row[key] for row in rows for key in keys if key in row}))


def facts_from_evidence(
    evidence: Evidence | str | bytes | Mapping[str, Any],
    *,
    policy: Policy | None = None,
    pack: Pack | None = None,
) -> Facts:
    """Return the facts of an evidence file; raises EvidenceError and PolicyError."""
    sound = evidence if isinstance(evidence, Evidence) else parse_evidence(evidence)
    return _graded(sound, pack or load_pack(), policy or Policy(), (), {"enterprise_id": sound.enterprise_id})


def facts_from_store(
    tables: Tables,
    enterprise_id: str,
    as_of: str | None = None,
    policy: Policy | None = None,
    settings: Settings | None = None,
) -> Facts:
    """Return the facts of one enterprise of the store on the window that ends with `as_of` (a month).

    `settings` say where declared self-assessments and the journal stand; without them there are none.

    Raises what `features.evidence` raises (`UnknownEnterpriseError`, `NoRecordsError`, `PeriodError`) and
    PolicyError.
    """
    from features.capability.assess import capability
    from features.evidence import assessed_items

    rules = (policy or Policy()).resolved(load_pack().policies)
    known = official_facts(tables, enterprise_id, as_of, policy)
    if settings is not None:
        given_out(settings, [known.grade])
    window = known.grade.evidence.document["window"]
    measured = capability(tables, *_days(window), (enterprise_id,))
    return replace(
        known,
        assessed=tuple(assessed_items(tables, [enterprise_id], window["end"], rules)),
        capability=measured,
        studies=studies(tables, known.grade, measured, _days(window)),
        self_assessment=_declared(settings, enterprise_id, _days(window)[1]) if settings else None,
    )


def official_facts(
    tables: Tables, enterprise_id: str, as_of: str | None = None, policy: Policy | None = None
) -> Facts:
    """Return the grade of one enterprise of the store, how it came about, and names: no charts, no states.

    Raises what `facts_from_store` raises.
    """
    from features.evidence import evidence_with_notes

    pack, chosen = load_pack(), policy or Policy()
    found = evidence_with_notes(tables, [enterprise_id], as_of, chosen.resolved(pack.policies))[0]
    enterprise = read_enterprise(tables, enterprise_id)
    known = _graded(parse_evidence(found.document), pack, chosen, found.notes, enterprise)
    return replace(known, names=read_names(tables, enterprise_id))


def _declared(settings: Settings, enterprise_id: str, last_day: date) -> Assessment | None:
    from features.self_assessment import Register

    with Register.open(settings) as register:
        return register.latest(enterprise_id, last_day)


def _graded(
    evidence: Evidence, pack: Pack, policy: Policy, notes: Iterable[Note], enterprise: Mapping[str, Any]
) -> Facts:
    given = tuple(notes)
    in_order = parse_evidence(evidence.canonical)  # rows by key: the order in the file changes no report
    graded = grade(in_order, pack=pack, policy=policy, notes=given)
    compared = tuple(readings(in_order, pack, policy, given))
    return Facts(graded, trace(graded), shortfalls(graded), compared, enterprise)


def _days(window: Mapping[str, str]) -> tuple[date, date]:
    """Return the first and the last day of a window."""
    from features.periods import first_day, last_day, to_index

    return first_day(to_index(window["start"]), "month"), last_day(to_index(window["end"]), "month")
