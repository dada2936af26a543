"""What moves one forecast, as bars around zero that add up: an explanation, never advice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.web.language import Language
from serving.web.views.outlook import TARGETS, whole
from serving.web.views.words import (
    Row,
    feature_name,
    feature_value,
    target_name,
)

TOP_DRIVERS = 8


def drivers_view(
    t: Language, rows: Sequence[Row], parameters: Mapping[str, Row], target: str | None, url: str
) -> dict[str, Any] | None:
    """Return the drivers of one target's next period, with tabs for the others."""
    nearest = [row for row in whole(rows) if row["horizon"] == 1] or whole(rows)
    targets = [name for name in TARGETS if any(row["target"] == name for row in nearest)]
    if not targets:
        return None
    chosen = target if target in targets else targets[0]
    mine = sorted((row for row in nearest if row["target"] == chosen), key=lambda row: int(row["rank"]))
    shown = _with_rest(t, mine, parameters)
    first, reach = mine[0], max(abs(share) for _, _, share in shown) or 1.0
    return {
        "tabs": [
            {"name": target_name(t, name), "url": f"{url}?target={name}#drivers", "here": name == chosen}
            for name in targets
        ],
        "summary": t(
            "drivers.summary",
            target=target_name(t, chosen),
            period=t.period(first["period"]),
            forecast=t.target(chosen, first["forecast"], 3),
            baseline=t.target(chosen, first["baseline"], 3),
            difference=t.signed(chosen, first["forecast"] - first["baseline"], 3),
        ),
        "rows": [
            {"name": name, "value": value, "contribution": t.signed(chosen, share, 3), **_bar(share, reach)}
            for name, value, share in shown
        ],
    }


def _bar(share: float, reach: float) -> dict[str, Any]:
    """Return a bar from the middle: where it starts and how long it is, in per cent of the whole width."""
    width = round(50 * abs(share) / reach, 2)
    return {"start": 50 if share >= 0 else 50 - width, "width": width, "sign": "up" if share >= 0 else "down"}


def _with_rest(t: Language, rows: list[Row], parameters: Mapping[str, Row]) -> list[tuple[str, str, float]]:
    """Return name, value and contribution of the largest drivers, and the sum of all others."""
    shown = [
        (
            feature_name(t, row["feature"], parameters),
            feature_value(t, row["feature"], row["value"], parameters),
            float(row["contribution"]),
        )
        for row in rows[:TOP_DRIVERS]
    ]
    rest = sum(float(row["contribution"]) for row in rows[TOP_DRIVERS:])
    return [*shown, (t("drivers.rest"), t("none.dash"), rest)] if len(rows) > TOP_DRIVERS else shown
