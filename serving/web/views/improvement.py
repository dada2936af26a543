"""Improvement actions in words: what was promised, what was seen, how sure that is, how promises fared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from serving.web.language import Language
from serving.web.views.words import Row, parameter_name, target_name

if TYPE_CHECKING:
    from features.improvement import Action, Promise
    from models.verdicts import Verdicts

COLUMNS: Final = ("planned", "doing", "checking", "done")
COUNTED: Final = ("promised", "judged", "waiting", "untold")
HALF: Final = 0.5
MARKS: Final = {
    "worked": "worked",
    "made worse": "worse",
    "no sign of it": "none",
    "too early": "early",
    "cannot be told": "untold",
}
"""Verdicts as keys of the catalogue and of the style sheet."""


def line_view(t: Language, enterprise_id: str, found: Verdicts) -> dict[str, Any]:
    """Return the line on the enterprise's own page."""
    own = _of(found, enterprise_id)
    return {
        "url": f"/improvement/{quote(enterprise_id, safe='')}",
        "score": _kept_text(t, own) if own and own["judged"] else "",
    }


def board_view(
    t: Language,
    enterprise: Row,
    actions: Iterable[Action],
    promises: Mapping[str, Promise],
    found: Verdicts,
    parameters: Mapping[str, Row],
    *,
    stale: bool,
) -> dict[str, Any]:
    """Return what the board shows."""
    enterprise_id = enterprise["enterprise_id"]
    verdicts = {row["action_id"]: row for row in found.verdicts}
    cards = [_card(t, a, promises.get(a.action_id), verdicts.get(a.action_id), parameters) for a in actions]
    return {
        "name": enterprise.get("name") or enterprise_id,
        "enterprise_url": f"/enterprises/{quote(enterprise_id, safe='')}",
        "columns": [_column(t, state, cards) for state in COLUMNS],
        "dropped": [card for card in cards if card["state"] == "dropped"],
        "any": bool(cards),
        "score": _score_view(t, _of(found, enterprise_id)),
        "everybody": _score_view(t, next((row for row in found.scores if row["scope"] == "all"), None)),
        "made": t("improve.made", day=t.period(found.made_at[:10])) if found.made_at else "",
        "stale": stale,
    }


def _of(found: Verdicts, enterprise_id: str) -> Row | None:
    rows = (row for row in found.scores if row["scope"] == "enterprise" and row["name"] == enterprise_id)
    return next(rows, None)


def _column(t: Language, state: str, cards: list[dict[str, Any]]) -> dict[str, Any]:
    mine = [card for card in cards if card["state"] == state]
    mine.sort(key=lambda card: card["sort"], reverse=state in ("checking", "done"))
    return {
        "state": state,
        "title": t(f"improve.state.{state}"),
        "cards": mine,
        "about": t(f"improve.about.{state}"),
    }


def _card(
    t: Language, action: Action, promise: Promise | None, verdict: Row | None, parameters: Mapping[str, Row]
) -> dict[str, Any]:
    unit = (parameters.get(action.parameter_id or "") or {}).get("unit") or ""
    moves = action.from_value is not None and action.to_value is not None
    return {
        "id": action.action_id,
        "title": action.title,
        "state": action.status.value,
        "sort": (action.started_on, action.action_id),
        "days": days_text(t, action),
        "lever": parameter_name(action.parameter_id, parameters)
        if action.parameter_id
        else t("improve.no_lever"),
        "start": f"{t.short(action.from_value)} {unit}".strip()
        if moves and action.from_value is not None
        else "",
        "end": f"{t.short(action.to_value)} {unit}".strip() if moves and action.to_value is not None else "",
        "promise": _promise(t, promise) if promise else None,
        "outcome": _outcome(t, verdict, promise) if verdict else None,
    }


def days_text(t: Language, action: Action) -> str:
    """Return from when to when an action ran."""
    start = t.period(action.started_on.isoformat())
    if action.finished_on is None:
        return t("improve.since.planned" if action.status.value == "planned" else "improve.since", day=start)
    return t("improve.days", start=start, end=t.period(action.finished_on.isoformat()))


def _promise(t: Language, promise: Promise) -> dict[str, str]:
    effect = promise.row["effect"]
    interval = t.signed_span(promise.target, promise.low, promise.high)
    return {
        "target": target_name(t, promise.target),
        "effect": t.signed(promise.target, effect["estimate"]),
        "interval": t("actions.effect.interval", interval=interval),
        "benefit": _money(t, promise.benefit),
        "given": t("improve.given", day=t.period(promise.given_on[:10]), who=promise.given_to,
                   model=promise.source.model_version),
    }  # fmt: skip


def _money(t: Language, amount: float | None) -> str:
    return t("none.dash") if amount is None else t("improve.yearly", amount=t.money(amount))


def _outcome(t: Language, row: Row, promise: Promise | None) -> dict[str, Any]:
    mark = MARKS[row["verdict"]]
    effects = {effect["target"]: effect for effect in row["effects"]}
    shown = effects.get(promise.target if promise else row["target"]) or effects.get(row["target"])
    return {
        "mark": mark,
        "verdict": t(f"improve.verdict.{mark}"),
        "reason": t(f"improve.reason.{row['reason_code']}") if row["reason_code"] else "",
        "effect": _effect(t, shown) if shown else None,
        "others": [_effect(t, one, promise) for one in effects.values() if one is not shown],
        "money": _saved(t, row["money"]) if row["money"] else None,
        "notes": _notes(t, row, shown),
    }


def _effect(t: Language, effect: Row, promise: Promise | None = None) -> dict[str, str]:
    """Return one indicator as it was seen, and as it was promised where the promise spoke of it."""
    target = effect["target"]
    interval = t.signed_span(target, effect["low"], effect["high"])
    naive = effect["naive"]
    return {
        "target": target_name(t, target),
        "effect": t.signed(target, effect["estimate"]),
        "interval": t("actions.effect.interval", interval=interval),
        "naive": t("none.dash") if naive is None else t.signed(target, naive),
        "promised": _promised_beside(t, target, promise),
    }


def _promised_beside(t: Language, target: str, promise: Promise | None) -> str:
    given = promise.row.get("effects") if promise else None
    found = next((one for one in given or [] if one["target"] == target), None)
    return t("improve.beside", effect=t.signed(target, found["estimate"])) if found else ""


def _saved(t: Language, money: Row) -> dict[str, str]:
    low, high = (t.money(money[name]) for name in ("low", "high"))
    return {
        "estimate": t("improve.yearly", amount=t.money(money["estimate"])),
        "interval": t("improve.between", low=low, high=high),
    }


def _notes(t: Language, row: Row, effect: Row | None) -> list[str]:
    """Return how it was found out, and what to be careful about."""
    said = []
    if effect:
        basis = "beside" if effect["share"] > 0 else "alone"
        values = {"count": effect["like_lines"], "share": t.percent(effect["share"], 0)}
        said.append(t(f"improve.basis.{basis}", **values))
        chance = t.number(effect["p_value"], 2)
        said.append(t("improve.placebos", seen=effect["periods"], count=effect["placebos"], chance=chance))
    if row["lever"]:
        share = t.percent(row["lever"]["share"], 0)
        said.append(t(f"improve.lever.{row['lever']['moved']}", share=share))
    return [*said, *(t(f"improve.warning.{name}") for name in row["warnings"])]


def _kept_text(t: Language, row: Row) -> str:
    return t("improve.kept", kept=row["kept"], judged=row["judged"])


def _score_view(t: Language, row: Row | None) -> dict[str, Any] | None:
    """Return a score in words, None where nothing was promised."""
    if row is None:
        return None
    judged = bool(row["judged"])
    ratio = row["realised_over_promised"]
    return {
        "kept": _kept_text(t, row) if judged else t("none.dash"),
        "kept_note": _span_note(t, row, "calibration") if judged else "",
        "money": _ratio_text(t, row),
        "money_note": _ratio_note(t, row) if ratio is not None else "",
        "brier": t.number(row["brier"], 2) if row["brier"] is not None else t("none.dash"),
        "counts": t("improve.counts", **{name: row[name] for name in COUNTED}),
        "few": t("improve.few") if row["few"] else "",
    }


def _ratio_text(t: Language, row: Row) -> str:
    """Return the realised share, or that it is not known yet: what was seen weighs too little."""
    ratio = row["realised_over_promised"]
    if ratio is None:
        return t("none.dash")
    return t.percent(ratio, 0) if row["money_weight"] >= HALF else t("improve.unknown")


def _ratio_note(t: Language, row: Row) -> str:
    low, high = (t.percent(row[name], 0) for name in ("ratio_low", "ratio_high"))
    return t("improve.score.between", low=low, high=high)


def _span_note(t: Language, row: Row, name: str) -> str:
    low, middle, high = (t.percent(row[key], 0) for key in (f"{name}_low", name, f"{name}_high"))
    return t("improve.score.share", middle=middle, low=low, high=high)
