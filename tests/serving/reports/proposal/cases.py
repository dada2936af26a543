"""Outlooks for the proposal: a full one with three moves, one that holds its tongue, one of an older program.

Rows stand here as an outlook gives them back; `test_proposal.py` holds them against `RecommendationRow`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from serving.reports.facts import facts_from_evidence
from serving.reports.proposal.facts import Known, Published
from tests.serving.reports import cases

Row = dict[str, Any]
PARAMETERS: dict[str, Row] = {
    "oven_temp": {"name": "回流峰值温度", "unit": "℃", "process_id": "10", "kind": "actionable"},
    "clean_interval": {"name": "吸嘴清洁间隔", "unit": "h", "process_id": "20", "kind": "actionable"},
    "aoi_coverage": {"name": "光学检测覆盖率", "unit": "%", "process_id": "20", "kind": "actionable"},
    "paste": {"name": "锡膏黏度", "unit": "Pa·s", "process_id": "10", "kind": "actionable"},
    "speed": {"name": "贴装速度", "unit": "cph", "process_id": "20", "kind": "actionable"},
    "humidity": {"name": "湿度", "unit": "%", "process_id": "10", "kind": "context"},
}
EVIDENCE = {
    "history_periods": 45.0,
    "sector_periods": 912.0,
    "gauge_reliability": 0.94,
    "placebo_p": 0.01,
    "random_common_cause": 0.14,
    "subset_same_sign": 0.995,
    "robustness_value": 0.29,
    "range_shown": [238.0, 251.0],
}


def effect(target: str, base: float, estimate: float, low: float, high: float) -> Row:
    """Return an effect on one indicator."""
    change = {"target": target, "base": base, "estimate": estimate, "low": low, "high": high}
    return {**change, "link_mean": -0.1, "link_sd": 0.02}


def table(avoided: float, cost: float) -> Row:
    """Return a table in which the categories of each side are avoided alike."""

    def money(share: float) -> Row:
        return {"estimate": share * avoided, "low": 0.6 * share * avoided, "high": 1.4 * share * avoided}

    lines = [
        ("internal", "scrap", 120000.0, 0.4),
        ("internal", "rework", 80000.5, 0.3),
        ("external", "claims", 30000.0, 0.3),
    ]
    net, year = avoided - cost, {"first": "2026-01", "last": "2026-12", "share": 0.8, "cost": cost}
    return {
        "lines": [{"side": s, "category": c, "now": now, "avoided": money(p)} for s, c, now, p in lines],
        "internal_now": 200000.5,
        "external_now": 30000.0,
        "avoided_internal": money(0.7),
        "avoided_external": money(0.3),
        "avoided": money(1.0),
        "holding_cost": cost,
        "one_off_cost": None,
        "net": {"estimate": net, "low": 0.6 * avoided - cost, "high": 1.4 * avoided - cost},
        "positive": 0.97,
        "payback_months": 12 * cost / avoided,
        "years": [{**year, "avoided": avoided, "net": net}],
        "assumptions": [
            {"code": "against_leaving_alone", "values": {}, "text": "the lever is moved next month and held"},
            {
                "code": "losses_last_twelve",
                "values": {"months": 12.0},
                "text": "failure costs stay as they are",
            },
        ],
    }


def move(rank: int, parameter_id: str, target: str, avoided: float, cost: float, **more: Any) -> Row:
    """Return a recommendation with everything that one can have."""
    own = PARAMETERS[parameter_id]
    changes = [
        effect("ftq", 0.9811, 0.0042, 0.0011, 0.0072),
        effect("ppm", 180.0, -61.0, -92.0, -25.0),
        effect("internal_loss", 0.002, -0.0004, -0.0007, -0.0001),
    ]
    return {
        "enterprise_id": "E001",
        "rank": rank,
        "parameter_id": parameter_id,
        "parameter_name": own["name"],
        "unit": own["unit"],
        "process_id": own["process_id"],
        "from": 245.2,
        "to": 240.8,
        "target": target,
        "effect": {"estimate": 0.0042, "low": 0.0011, "high": 0.0072},
        "effects": changes,
        "arrival_periods": 3,
        "benefit": avoided,
        "benefit_low": 0.6 * avoided,
        "benefit_high": 1.4 * avoided,
        "cost": cost,
        "payback": cost / avoided,
        "payback_months": 12 * cost / avoided,
        "benefit_table": table(avoided, cost),
        "confidence": "strong" if rank == 1 else "fair",
        "evidence": EVIDENCE,
        "measure": [
            {"code": "lever", "what": parameter_id, "readings": 25},
            {"code": "first_pass", "what": "10", "readings": None},
        ],
        "method": "DOE",
        "method_why": "set_point",
        "task": "工信部联科〔2023〕249号 任务13 促进生产制造数字化",
        "task_number": 13,
        **more,
    }


def whole_rows() -> list[Row]:
    """Return three moves, what was withheld, and what the three bring together."""
    level = {
        "indicator": "sigma",
        "from_level": 3,
        "to_level": 4,
        "since": "2025-12",
        "period": "2026-08",
        "probability": 0.71,
        "after_a_year": 0.8,
        "without": 0.22,
        "basis": "forecast",
    }
    gap = {
        "indicator": "ftq",
        "level": 4,
        "now": 0.95,
        "value": 0.962,
        "operator": ">=",
        "needs": 0.97,
        "probability": 0.18,
    }
    joint = {
        "parameter_ids": ["oven_temp", "clean_interval", "aoi_coverage"],
        "benefit": 151000.0,
        "effects": [effect("ftq", 0.98, 0.008, 0.003, 0.013)],
        "benefit_low": 88000.0,
        "benefit_high": 214000.0,
    }
    withheld = [
        {"parameter_id": "paste", "reason_code": "covers_zero", "target": "ftq"},
        {"parameter_id": "speed", "reason_code": "reactive", "target": None},
    ]
    return [
        move(1, "oven_temp", "ftq", 96000.0, 12000.0, moves_level=level, withheld=withheld, together=joint),
        move(2, "clean_interval", "ftq", 61000.0, 15000.0, level_gap=gap),
        move(3, "aoi_coverage", "ppm", 23000.0, 19000.0),
    ]


def silent_rows() -> list[Row]:
    """Return the row of an enterprise for which nothing is recommended."""
    return [
        {
            "enterprise_id": "E001",
            "rank": None,
            "parameter_id": None,
            "confidence": "none",
            "reason": "the 90 % interval of its effect covers zero",
            "reason_code": "covers_zero",
            "reason_parameter_id": "paste",
            "withheld": [{"parameter_id": "paste", "reason_code": "covers_zero"}],
        }
    ]


def old_rows() -> list[Row]:
    """Return what a program of last year published: no tables, no intervals of money, no codes."""
    names = (
        "enterprise_id",
        "rank",
        "parameter_id",
        "parameter_name",
        "unit",
        "from",
        "to",
        "target",
        "effect",
        "benefit",
        "cost",
        "payback",
        "confidence",
        "evidence",
    )
    return [{name: whole_rows()[0][name] for name in names} | {"method": "maintenance", "reason": None}]


def known(rows: list[dict[str, Any]] | None, evidence: Mapping[str, Any] | None = None, **more: Any) -> Known:
    """Return what is known of E001; None for rows: nothing was ever published."""
    official = facts_from_evidence(evidence or cases.whole())
    published = (
        None
        if rows is None
        else Published(
            "abc123def456",
            "2026-01-09T08:00:00+00:00",
            "2025-12",
            tuple(forecasts()),
            tuple(attainment()),
            tuple(drivers()),
            tuple(rows),
        )
    )
    processes = {"10": "印刷", "20": "贴片"}
    return Known(official, published, more.pop("parameters", PARAMETERS), processes, tuple(history()), **more)


def forecasts() -> list[dict[str, Any]]:
    """Return twelve months of one target."""
    return [
        {
            "target": "ftq",
            "product_id": None,
            "origin": "2025-12",
            "period": f"2026-{month:02d}",
            "horizon": month,
            "mean": 0.981 + 0.0002 * month,
            "quantiles": {"0.05": 0.972, "0.95": 0.989},
        }
        for month in range(1, 13)
    ]


def attainment() -> list[dict[str, Any]]:
    """Return the last month ahead, on the official window."""
    chances = {"1": 0.0, "2": 0.0, "3": 0.62, "4": 0.38, "5": 0.0}
    return [
        {
            "period": "2026-12",
            "horizon": 12,
            "basis": "window",
            "probabilities": chances,
            "scope": "grade",
            "reached_by": {"2": 1.0, "3": 1.0, "4": 0.41, "5": 0.0},
            "held": ["data", "culture"],
        }
    ]


def drivers() -> list[dict[str, Any]]:
    """Return the drivers of the furthest forecast."""
    shares = (("ftq.last", 0.9812, 0.004), ("param.oven_temp.ew3", 245.0, -0.002), ("(others)", None, 0.001))
    return [
        {
            "target": "ftq",
            "product_id": None,
            "period": "2026-12",
            "horizon": 12,
            "rank": rank,
            "feature": feature,
            "value": value,
            "contribution": share,
            "baseline": 0.98,
            "forecast": 0.983,
        }
        for rank, (feature, value, share) in enumerate(shares, 1)
    ]


def history() -> list[dict[str, Any]]:
    """Return two years of known values, one month missing."""
    months = [f"{year}-{month:02d}" for year in (2024, 2025) for month in range(1, 13)]
    return [
        {
            "period": label,
            "ftq": float("nan") if index == 5 else 0.978 + 0.004 * ((7 * index) % 5) / 5,
            "internal_loss": 0.002,
            "external_loss": 0.0003,
            "ppm": 180.0,
            "cpk": 1.41,
        }
        for index, label in enumerate(months)
    ]
