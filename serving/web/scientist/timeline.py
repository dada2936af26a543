"""The model's error over time beside that of the best simple baseline: backtest, then what came since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.palette import token
from serving.web.axes import period_axis
from serving.web.figures import ground
from serving.web.language import Language


def over_time(t: Language, review: Mapping[str, Any], target: str) -> dict[str, Any] | None:
    """Return the chart of one target with its table; None where no origin was judged."""
    rows = _rows(review, target)
    if not rows:
        return None
    periods = [row["period"] for row in rows]
    trained = sum(not row["since"] for row in rows)
    lines = [
        _line(t("models.line.model"), rows, "mae_model", "forecast", 2.5),
        _line(t("models.line.baseline"), rows, "mae_baseline", "history", 1.6),
    ]
    layout = ground(t) | {
        "xaxis": period_axis(t, periods),
        "yaxis": {
            "title": {"text": t("models.axis.error")},
            "gridcolor": token("line"),
            "rangemode": "tozero",
        },
        "margin": {"l": 64, "r": 24, "t": 40, "b": 48},
        "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
        "shapes": [_end_of_training(trained - 0.5)] if 0 < trained < len(rows) else [],
    }
    return {
        "figure": {"data": lines, "layout": layout},
        "rows": [_told(t, target, row) for row in rows[-12:]],
    }


def _rows(review: Mapping[str, Any], target: str) -> list[dict[str, Any]]:
    backtest = (review.get("champion") or {}).get("by_origin", [])
    since = (review.get("since") or {}).get("by_origin", [])
    both = [(False, row) for row in backtest] + [(True, row) for row in since]
    own = [
        {**row, "since": late}
        for late, row in both
        if row["target"] == target and row["scope"] == "enterprise"
    ]
    first = own[0]["frequency"] if own else ""
    return sorted((row for row in own if row["frequency"] == first), key=lambda row: str(row["period"]))


def _line(name: str, rows: Sequence[Mapping[str, Any]], of: str, colour: str, width: float) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(range(len(rows))),
        "y": [row[of] for row in rows],
        "line": {"color": token(colour), "width": width},
        "hoverinfo": "skip",
    }


def _end_of_training(x: float) -> dict[str, Any]:
    line = {"color": token("faint"), "width": 1, "dash": "dot"}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": line}


def _told(t: Language, target: str, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "period": t.period(str(row["period"])),
        "model": t.target(target, row["mae_model"]),
        "baseline": t.target(target, row["mae_baseline"]),
        "since": row["since"],
    }
