"""The board in the reader's words: champion, challenger, backtest, honesty of intervals, drift, versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from serving.web.figures import Figure
from serving.web.figures_models import by_horizon
from serving.web.language import Language
from serving.web.model_words import said
from serving.web.scientist.schemas import Score, score
from serving.web.scientist.timeline import over_time

SHOWN = (1, 3, 6, 12)
"""Horizons of the tables."""
TESTS = 10
"""Tests for drift that are listed, alarms and the smallest p first; the API has all."""
HONEST = 0.05
"""Points by which a coverage may miss its promise before it is marked."""
Review = Mapping[str, Any]


def board_view(t: Language, review: Review, target: str) -> dict[str, Any]:
    """Return everything that the board shows of one target (and of all, where it is about the model)."""
    champion, challenger = review.get("champion") or {}, review.get("challenger") or {}
    scores = _scores(champion)
    targets = list(dict.fromkeys(row.target for row in scores))
    chosen = target if target in targets else (targets[0] if targets else "")
    return {
        "looked": t.period(review["made_at"][:10]) if review.get("made_at") else "",
        "champion": card(t, review, champion, "champion") if champion else None,
        "challenger": card(t, review, challenger, "challenger") if challenger else None,
        "targets": [
            {"name": t(f"target.{name}"), "url": f"/models?target={name}", "active": name == chosen}
            for name in targets
        ],
        "target": t(f"target.{chosen}") if chosen else "",
        "backtest": backtest_rows(t, scores, _scores(challenger), chosen),
        "skill": skill_figure(t, scores),
        "honesty": coverage_figure(t, scores),
        "slices": slice_rows(t, champion.get("coverage", []), chosen),
        "timeline": over_time(t, review, chosen),
        "gate": gate_rows(t, challenger or champion),
        "drift": drift_view(t, review),
        "due": due_view(t, review),
        "since": since_view(t, review),
        "versions": [version_row(t, row) for row in review.get("versions", [])],
        "tracking": tracking(review),
        "registry_error": review.get("registry_error", ""),
    }


def _scores(about: Mapping[str, Any]) -> list[Score]:
    """The rows of whole enterprises by month; products and weeks are in the API."""
    found = [score(row) for row in about.get("backtest", []) if row["scope"] == "enterprise"]
    first = found[0].frequency if found else ""
    return [row for row in found if row.frequency == first]


def card(t: Language, review: Review, about: Mapping[str, Any], slot: str) -> dict[str, Any]:
    """Return what is said first of champion or challenger."""
    rows: list[dict[str, Any]] = review.get("versions", [])
    row = next((row for row in rows if slot in row["aliases"]), {})
    spans = [
        t("models.trained", first=t.period(span[0]), last=t.period(span[1]))
        for span in (about.get("periods") or {}).values()
    ]
    worse = [said(t, part) for part in str(row.get("refused_because") or "").split("; ") if part]
    colours = {"promoted": "good", "forced": "warn", "refused": "bad"}
    gate = str(row.get("gate") or "")
    return {
        "name": about.get("model_version", ""),
        "number": about.get("number", ""),
        "made": t.period(row["made_at"][:10]) if row.get("made_at") else "",
        "gate": t.either(f"models.gate.{gate}", gate) if gate else "",
        "gate_kind": colours.get(gate, ""),
        "lines": spans + worse + ([row["promoted_because"]] if row.get("promoted_because") else []),
        "by": row.get("promoted_by") or "",
        "url": row.get("url"),
        "figures": headline(t, _scores(about)),
    }


def headline(t: Language, scores: Sequence[Score]) -> list[dict[str, str]]:
    """Return three figures over all targets and horizons: error against the best baseline, and coverages."""
    ratios = [row.mae_model / row.mae_best for row in scores if row.mae_model is not None and row.mae_best]
    if not ratios:
        return []
    mean = sum(ratios) / len(ratios)
    n = sum(row.n for row in scores)
    found = [{"name": t("models.figure.skill"), "value": _change(t, mean - 1.0)}]
    for level in ("90", "50"):
        inside = sum((getattr(row, f"coverage_{level}") or 0.0) * row.n for row in scores) / max(n, 1)
        found.append({"name": t(f"models.figure.coverage_{level}"), "value": t.percent(inside, 1)})
    return found


def backtest_rows(
    t: Language, scores: Sequence[Score], rival: Sequence[Score], target: str
) -> list[dict[str, Any]]:
    """Return the table of one target at the shown horizons: model, best baseline, intervals, challenger."""
    other = {row.horizon: row for row in rival if row.target == target}
    return [
        {
            "horizon": t.number(row.horizon),
            "model": t.target(target, row.mae_model) if row.mae_model is not None else t("none.dash"),
            "baseline": t.target(target, row.mae_best) if row.mae_best is not None else t("none.dash"),
            "baseline_name": t.either(f"models.baseline.{row.best_baseline}", row.best_baseline or ""),
            "change": _against(t, row.mae_model, row.mae_best),
            "better": bool(row.mae_model and row.mae_best and row.mae_model <= row.mae_best),
            "covered": _share(t, row.coverage_90),
            "honest": row.coverage_90 is None or abs(row.coverage_90 - 0.9) <= HONEST,
            "rival": _against(t, other[row.horizon].mae_model, row.mae_model) if row.horizon in other else "",
            "n": t.number(row.n),
            "origins": t.number(row.origins),
        }
        for row in scores
        if row.target == target and row.horizon in SHOWN
    ]


def skill_figure(t: Language, scores: Sequence[Score]) -> Figure | None:
    """Return error ÷ best baseline by horizon, a line a target; 1 is the baseline."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in scores:
        if row.mae_model is not None and row.mae_best:
            lines.setdefault(t(f"target.{row.target}"), []).append(
                (float(row.horizon), row.mae_model / row.mae_best)
            )
    return _ticked(t, by_horizon(t, lines, t("models.axis.skill"), 1.0)) if lines else None


def coverage_figure(t: Language, scores: Sequence[Score]) -> Figure | None:
    """Return the share of outcomes inside the 90 % interval by horizon, a line a target; 0.9 is honest."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for row in scores:
        if row.coverage_90 is not None:
            lines.setdefault(t(f"target.{row.target}"), []).append((float(row.horizon), row.coverage_90))
    return _ticked(t, by_horizon(t, lines, t("models.axis.coverage"), 0.9)) if lines else None


def _ticked(t: Language, figure: Figure) -> Figure:
    """Name the ticks of the horizons, so that the page's script can thin them on a narrow screen."""
    ahead = list(range(1, 13))
    ticks = {"tickvals": ahead, "ticktext": [t.number(h) for h in ahead], "range": [0.6, 12.4]}
    axis = {name: value for name, value in figure["layout"]["xaxis"].items() if name != "dtick"}
    return {**figure, "layout": {**figure["layout"], "xaxis": axis | ticks}}


def slice_rows(t: Language, rows: Sequence[Mapping[str, Any]], target: str) -> list[dict[str, Any]]:
    """Return the calibration by class: horizon, level, length of history."""
    own = [row for row in rows if row["scope"] == "enterprise" and row["target"] == target]
    own = [row for row in own if row["frequency"] == own[0]["frequency"]]
    return [
        {
            "name": _slice(t, str(row["slice"])),
            "n": t.number(int(row["n"])),
            "covered_90": _share(t, row["coverage_90"]),
            "covered_50": _share(t, row["coverage_50"]),
            "honest": abs(float(row["coverage_90"] or 0.0) - 0.9) <= HONEST,
        }
        for row in own
    ]


def gate_rows(t: Language, about: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the gate's paired tests, the closest first."""
    rows = sorted(about.get("gate_tests", []), key=lambda row: (row["adjusted"] or 0.0, row["p"] or 0.0))
    return [
        {
            "what": _named(t, str(row["what"])),
            "against": t.either(f"models.baseline.{row['against']}", str(row["against"])),
            "measure": t.either(f"models.measure.{row['measure']}", str(row["measure"])),
            "excess": _change(t, row["excess"]) if row["excess"] is not None else t("none.dash"),
            "adjusted": _p(t, row["adjusted"]),
            "origins": t.number(int(row["origins"] or 0)),
            "refused": str(row.get("refused")).lower() == "true",
        }
        for row in rows[:12]
    ]


def drift_view(t: Language, review: Review) -> dict[str, Any]:
    """Return the tests for drift, alarms first; `note` where there was nothing to test."""
    drift = review.get("drift") or {}
    rows = [
        {
            "kind": t.either(f"models.drift.{row['kind']}", row["kind"]),
            "what": t.either(f"target.{row['what']}", row["what"]),
            "since": t.period(row["since"]) if row.get("since") else "",
            "shift": t.number(row["shift"], 2) if row["shift"] is not None else t("none.dash"),
            "p": _p(t, row["p_value"]),
            "alarm": row["alarm"],
            "means": said(t, row["means"]),
        }
        for row in drift.get("rows", [])
    ]
    return {
        "drifted": bool(drift.get("drifted")),
        "rows": rows[:TESTS],
        "count": len(rows),
        "note": said(t, drift.get("note", "")),
    }


def due_view(t: Language, review: Review) -> dict[str, Any] | None:
    """Return whether a training is due and why, None where that was not looked at."""
    due = review.get("due")
    if due is None:
        return None
    lines = {
        name: [line for text in due[name] for line in _split(t, text)] for name in ("reasons", "against")
    }
    return {"due": due["due"], **lines}


def _split(t: Language, text: str) -> list[str]:
    """Several findings of one kind are told in one sentence."""
    return [said(t, part) for part in text.split("; ")] if text.startswith("drift: ") else [said(t, text)]


def since_view(t: Language, review: Review) -> dict[str, Any]:
    """Return what served forecasts came to since training."""
    since = review.get("since") or {}
    rows = _scores({"backtest": since.get("table", [])})
    reasons = [said(t, reason) for reason in since.get("reasons", [])]
    return {"note": said(t, since.get("note", "")), "reasons": reasons, "figures": headline(t, rows)}


def version_row(t: Language, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return one version of the registry."""
    gate = str(row.get("gate") or "")
    return {
        "number": row["number"],
        "name": row["model_version"],
        "made": t.period(row["made_at"][:10]) if row.get("made_at") else "",
        "aliases": [t.either(f"models.alias.{alias}", alias) for alias in row["aliases"]],
        "gate": t.either(f"models.gate.{gate}", gate) if gate else "",
        "why": row.get("refused_because") or row.get("promoted_because") or "",
        "url": row.get("url"),
        "served": "champion" in row["aliases"],
        "back": "retired" in row["aliases"],
        "action": f"/models/{row['number']}/promotion",
    }


def tracking(review: Review) -> dict[str, str]:
    """Return where MLflow's own pages are: a server's address, or the command that shows the store."""
    uri = str(review.get("tracking") or "")
    if uri.startswith(("http://", "https://")):
        return {"url": uri, "command": ""}
    return {"url": "", "command": f"mlflow ui --backend-store-uri {uri}" if uri else ""}


def _against(t: Language, one: float | None, other: float | None) -> str:
    return t("none.dash") if one is None or not other else _change(t, one / other - 1.0)


def _change(t: Language, share: float) -> str:
    return f"{'+' if share > 0 else ''}{t.percent(share, 1)}"


def _share(t: Language, value: Any) -> str:  # noqa: ANN401 - a number or nothing, out of JSON
    return t("none.dash") if value is None else t.percent(float(value), 1)


def _p(t: Language, value: float | None) -> str:
    if value is None:
        return t("none.dash")
    return "<0.001" if value < 0.001 else t.number(value, 3)


def _slice(t: Language, name: str) -> str:
    kind, _, which = name.partition(" ")
    if kind == "level":
        return t(f"level.{which}")
    return t(f"models.slice.{kind}", which=which) if t.has(f"models.slice.{kind}") else name


def _named(t: Language, what: str) -> str:
    frequency, scope, target = (*what.split(" ", 2), "", "")[:3]
    about = t.either(f"target.{target}", t("models.all_targets") if target == "all targets" else target)
    if t.has(f"models.scope.{scope}"):
        return t("models.what", target=about, scope=t(f"models.scope.{scope}"))
    return f"{about} ({frequency} {scope})"
