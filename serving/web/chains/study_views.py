"""Problems, projects and benefits of a chain as the page shows them; the words are those of its papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from serving.web.language import Language

if TYPE_CHECKING:
    from models.chains.benefit import Line
    from serving.reports.chain.gathering import Gathered
    from serving.reports.chain.telling import Telling

MOST = 200
Row = dict[str, Any]


def study_views(t: Language, found: Gathered) -> dict[str, Any]:
    """Return the page's tables: problems, projects, benefit, levels, and links to the papers."""
    it = found.telling(t.code)
    base = f"/chain-papers/{{kind}}/{quote(found.study.name, safe='')}?lang={t.code}"
    return {
        "problems": _problems(t, it),
        "projects": _projects(t, it),
        "benefit": _benefit(t, it),
        "levels": _levels(t, it),
        "papers": [{"kind": kind, "url": base.format(kind=kind)} for kind in ("docx", "pdf", "xlsx")],
    }


def _row(t: Language, number: int, head: str, enterprise_id: str, **cells: tuple[str, str]) -> Row:
    url = f"/enterprises/{quote(enterprise_id, safe='')}"
    return {"head": head, "url": url, "rank": t.number(number), "id": enterprise_id, "cells": cells}


def _problems(t: Language, it: Telling) -> list[Row]:
    from serving.reports.chain.problem_words import problem_words

    rows = []
    for number, problem in enumerate(it.study.problems[:MOST], 1):
        told = problem_words(it, problem)
        who = problem.enterprise_id
        rows.append(
            _row(
                t,
                number,
                it.name(who),
                who,
                problem=(told.what, ""),
                figure=(told.figure, ""),
                holds=(told.holds, ""),
                cost=_two(told.cost),
                source=(told.source, ""),
            )
        )
    return rows


def _projects(t: Language, it: Telling) -> list[Row]:
    from serving.reports.chain.project_words import project_words

    rows = []
    for number, project in enumerate(it.study.projects[:MOST], 1):
        told = project_words(it, project)
        rows.append(
            _row(
                t,
                number,
                told.lead,
                project.enterprise_id,
                attack=(told.what, "；".join(x for x in (told.method, told.others) if x)),
                brings=_two(told.effect),
                worth=_two(told.worth, told.downstream),
                spend=(told.cost, ""),
                months=(told.months, told.confidence),
                answers=(", ".join(map(str, project.answers)) or t("none.dash"), told.source),
            )
        )
    return rows


def _two(text: str, more: str = "") -> tuple[str, str]:
    """Return the first line of a cell, and the rest as its note."""
    first, _, rest = text.partition("\n")
    return first, " ".join(part for part in (rest.replace("\n", " "), more) if part)


def _benefit(t: Language, it: Telling) -> dict[str, Any]:
    study = it.study
    lines = sorted(study.balance.lines, key=lambda line: line.cost - line.avoided.estimate)
    rows = [_line(t, it, line) for line in lines if line.cost or any(line.avoided)]
    if not study.whole:
        return {"rows": rows, "sum": ""}
    table = study.balance
    said = t(
        "chains.benefit.sum", avoided=it.money(table.avoided), cost=it.cny(table.cost),
        net=it.money(table.net), twice=it.cny(table.twice.estimate),
    )  # fmt: skip
    return {"rows": rows, "sum": said}


def _line(t: Language, it: Telling, line: Line) -> Row:
    own = [part.estimate for part in (line.own_internal, line.own_external) if part]
    now = [part for part in (line.internal_now, line.external_now) if part is not None]
    net = line.avoided.estimate - line.twice.estimate - line.cost
    dash = t("none.dash")
    row = _row(
        t, 0, it.name(line.enterprise_id), line.enterprise_id,
        lost=(it.cny(sum(now)) if now else dash, ""), own=(it.cny(sum(own)) if own else dash, ""),
        received=(it.cny(line.received.estimate) if line.received else dash, ""),
        twice=(it.cny(line.twice.estimate), ""), spend=(it.cny(line.cost), ""), net=(it.cny(net), ""),
    )  # fmt: skip
    return {**row, "rank": ""}


def _levels(t: Language, it: Telling) -> list[Row]:
    from serving.reports.chain.sections.benefit import moved

    rows = []
    for _, name, level, period, before, after in sorted(moved(it))[:MOST]:
        cells = {"level": (level, ""), "window": (period, ""), "before": (before, ""), "after": (after, "")}
        rows.append({**_row(t, 0, it.name(name), name, **cells), "rank": ""})
    return rows
