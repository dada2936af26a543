"""What a planner wants to know first in the morning: what moved, which targets are in doubt, who may slip."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import numpy as np

from models.portfolio import Portfolio
from serving.web.language import Language
from serving.web.planner.answers import SURE, next_chance, slipping
from serving.web.planner.asked import BoardQuery
from serving.web.planner.desk import Desk
from serving.web.planner.moves import levels_at, moved
from serving.web.planner.schemas import TargetProgress

VERGE = (0.2, 0.8)
"""Chances of the next level between which help is taken to change most."""
LIKELY = 0.1
"""Who slips with less than this is not counted."""
LISTED = 12


def today_view(
    t: Language, desk: Desk, wished: BoardQuery, targets: Sequence[TargetProgress]
) -> dict[str, Any]:
    """Return four figures with what they say, and who moved in the latest month."""
    portfolio, basis, members = desk.portfolio, wished.basis, desk.members(wished)
    rose, fell = moved(portfolio, basis, members)
    chance = np.nan_to_num(next_chance(portfolio, basis))
    verge = int((members & (chance >= VERGE[0]) & (chance <= VERGE[1])).sum())
    slips = len(slipping(portfolio, basis, members, LIKELY))
    return {
        "tiles": [
            _tile(
                t,
                "moved",
                "#moved" if len(rose) + len(fell) else "#levels-title",
                f"{t.number(len(rose))} / {t.number(len(fell))}",
            ),
            _targets(t, targets),
            _tile(
                t, "verge", "#near", t.number(verge), low=t.percent(VERGE[0], 0), high=t.percent(VERGE[1], 0)
            ),
            _tile(t, "slip", "#falling", t.number(slips), least=t.percent(LIKELY, 0)),
        ],
        "rose": _who(portfolio, wished, rose),
        "fell": _who(portfolio, wished, fell),
        "more": _more(t, max(len(rose), len(fell)) - LISTED),
    }


def _tile(t: Language, name: str, url: str, value: str, **values: object) -> dict[str, str]:
    return {
        "name": t(f"board.today.{name}"),
        "value": value,
        "text": t(f"board.today.{name}.text", **values),
        "url": url,
    }


def _targets(t: Language, targets: Sequence[TargetProgress]) -> dict[str, str]:
    own = [found for found in targets if found.source != "document" and found.level_id != "standard"]
    if not own:
        return _tile(t, "no_target", "#targets", t("none.dash"))
    safe = sum(found.achieved >= found.count or (found.probability or 0.0) >= SURE for found in own)
    return _tile(
        t, "targets", "#targets", f"{t.number(safe)} / {t.number(len(own))}", sure=t.percent(SURE, 0)
    )


def _who(portfolio: Portfolio, wished: BoardQuery, rows: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - R ints
    before = levels_at(portfolio, wished.basis, portfolio.today - 1)
    names, level = portfolio.columns, portfolio.level(wished.basis)
    return [
        {
            "name": str(names["name"][row]) or str(names["enterprise_id"][row]),
            "id": str(names["enterprise_id"][row]),
            "url": f"/enterprises/{quote(str(names['enterprise_id'][row]), safe='')}",
            "before": int(before[row]),
            "level": int(level[row]),
            "status": str(names["status"][row]) or "incomplete",
        }
        for row in rows[:LISTED]
    ]


def _more(t: Language, count: int) -> str:
    return t("board.moved.more", count=t.number(count)) if count > 0 else ""
