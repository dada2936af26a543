"""A chain's tables as plain rows: what the command prints, the workbook holds and the API could."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models.chains import Study
from models.chains.benefit import Balance, Line
from models.chains.mending import Amount
from serving.reports.chain.problem_words import problem_words
from serving.reports.chain.project_words import project_words
from serving.reports.chain.telling import Telling

Plain = dict[str, Any]
SUMMED = (
    "internal_now", "external_now", "own_internal", "own_external", "received", "cost", "one_off", "left_out",
)  # fmt: skip


def problem_rows(it: Telling) -> list[Plain]:
    """Return the problems: numbers in their units beside the words."""
    return [
        {
            "number": number,
            "enterprise_id": problem.enterprise_id,
            "enterprise": it.name(problem.enterprise_id),
            "kind": problem.kind,
            **problem_words(it, problem)._asdict(),
            "value": problem.value,
            "operator": problem.operator or None,
            "needs": problem.needs,
            "holds_level": problem.holds,
            **_ends("cost", problem.cost),
            "excess": problem.excess,
            "units": problem.units,
            "period": problem.period,
        }
        for number, problem in enumerate(it.study.problems, 1)
    ]


def project_rows(it: Telling) -> list[Plain]:
    """Return the projects: numbers in their units beside the words; money is CNY a year."""
    rows = []
    for number, project in enumerate(it.study.projects, 1):
        told = project_words(it, project)
        rows.append(
            {
                "number": number,
                "kind": project.kind,
                "enterprise_id": project.enterprise_id,
                "lead": told.lead,
                "with": list(project.customers),
                "what": told.what,
                "method": told.method,
                "effect": told.effect,
                **_ends("own", project.own),
                **_ends("downstream", project.downstream),
                "twice": project.twice.estimate if project.twice else None,
                "cost": project.cost,
                **_ends("net", project.net),
                "months": project.months,
                "confidence": project.move.get("confidence"),
                "problems": list(project.answers),
                "source": told.source,
            }
        )
    return rows


def benefit_rows(study: Study) -> list[Plain]:
    """Return the table of benefits, and its sum where nobody is left out of it."""
    rows = [_line(line) for line in study.balance.lines]
    if not study.whole:
        return rows
    return [*rows, _total(study.balance, rows)]


def _total(table: Balance, rows: Sequence[Plain]) -> Plain:
    """Return the sum of every column; intervals are told of the net alone."""
    summed = {
        name: sum(row[name] or 0.0 for row in rows)
        for name in SUMMED
    }  # fmt: skip
    blank = dict.fromkeys(rows[0] if rows else ())
    return {**blank, **summed, "twice": table.twice.estimate, **_ends("net", table.net)}


def _line(line: Line) -> Plain:
    return {
        "enterprise_id": line.enterprise_id,
        "internal_now": line.internal_now,
        "external_now": line.external_now,
        **_ends("own_internal", line.own_internal),
        **_ends("own_external", line.own_external),
        **_ends("received", line.received),
        "twice": line.twice.estimate,
        "cost": line.cost,
        "one_off": line.once,
        "left_out": line.left_out,
        "net": line.avoided.estimate - line.twice.estimate - line.cost,
        "net_low": None,
        "net_high": None,
    }


def level_rows(study: Study) -> list[Plain]:
    """Return the customers' chances of every level or better, before and after."""
    return [{"enterprise_id": name, **row} for name in study.ids for row in study.chains.levels.get(name, ())]


def _ends(name: str, found: Amount | None) -> Plain:
    if found is None:
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"))
    return {name: found.estimate, f"{name}_low": found.low, f"{name}_high": found.high}
