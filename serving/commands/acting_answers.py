"""What `zhuoyue actions` does: opens the register, catches up on what was interrupted, acts, prints."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import typer

from features.improvement import (
    Action,
    ActionRefused,
    Promise,
    Register,
    Source,
    accept,
    move,
    recorded,
    settle,
)
from features.settings import Settings
from features.store import Store
from models.outlook import Outlook
from models.verdicts import Verdicts, publish_verdicts
from serving.output import Format, emit

DONE, FAILED = 0, 1
LISTED = (
    "action_id",
    "enterprise_id",
    "title",
    "status",
    "started_on",
    "finished_on",
    "promised",
    "promised_benefit",
    "verdict",
    "seen",
)
JUDGED = (
    "action_id",
    "enterprise_id",
    "title",
    "verdict",
    "reason_code",
    "target",
    "effect",
    "low",
    "high",
    "before_after",
    "saved",
    "periods_seen",
    "lever_moved",
)
SCORED = (
    "scope",
    "name",
    "promised",
    "judged",
    "waiting",
    "untold",
    "kept",
    "calibration",
    "realised_over_promised",
    "ratio_low",
    "ratio_high",
    "brier",
    "few",
)


@contextmanager
def opened() -> Iterator[tuple[Register, Settings]]:
    """Open the register; what an interrupted command left half done is finished first."""
    settings = Settings()
    with Register.open(settings) as register:
        for one in settle(register, settings):
            typer.echo(f"note: {one.action_id} was changed and is now in the records too", err=True)
        yield register, settings


def list_all(enterprise_id: str | None, fmt: str | None) -> None:
    """Print a line for every action on record."""
    with opened() as (register, settings):
        promises, seen = register.promises(enterprise_id), Verdicts.load(settings)
        actions = recorded(settings, enterprise_id)
    verdicts = {row["action_id"]: row for row in seen.verdicts}
    rows = [_line(one, promises.get(one.action_id), verdicts.get(one.action_id)) for one in actions]
    emit(rows, fmt, LISTED)


def _line(action: Action, promise: Promise | None, verdict: dict[str, Any] | None) -> dict[str, Any]:
    effect = _deciding(verdict) if verdict else None
    return {
        **{name: getattr(action, name) for name in Action.__dataclass_fields__ if name != "version"},
        "promised": promise.row["effect"] if promise else None,
        "promised_target": promise.target if promise else None,
        "promised_benefit": promise.benefit if promise else None,
        "promised_on": promise.given_on if promise else None,
        "model_version": promise.source.model_version if promise else None,
        "verdict": verdict["verdict"] if verdict else None,
        "seen": {name: effect[name] for name in ("estimate", "low", "high")} if effect else None,
    }


def _deciding(verdict: dict[str, Any]) -> dict[str, Any] | None:
    effects: list[dict[str, Any]] = list(verdict["effects"])
    return next((one for one in effects if one["target"] == verdict["target"]), None)


def accept_one(
    enterprise_id: str, rank: int, by: str, title: str | None, start: str | None, fmt: str | None
) -> None:
    """Accept one published recommendation and print the action that it is now."""
    day = _day("start", start)
    with opened() as (register, settings):
        outlook = Outlook.load(settings)
        row = _published(outlook, enterprise_id, rank)
        source = Source(
            outlook.folder.name, outlook.model_version, outlook.fingerprint, outlook.created_at, outlook.as_of
        )
        made = accept(register, settings, row, source, by, title, day)
        promise = register.promises(enterprise_id)[made.action_id]
    emit(_line(made, promise, None), fmt)


def _published(outlook: Outlook, enterprise_id: str, rank: int) -> dict[str, Any]:
    rows = outlook.recommendations(enterprise_id)
    found = next((row for row in rows if row.get("rank") == rank), None)
    if found is not None:
        return found
    ranks = [str(row["rank"]) for row in rows if row.get("rank") is not None]
    reason = next((f": {row['reason']}" for row in rows if row.get("reason")), "")
    allowed = f"rank {' or '.join(ranks)}" if ranks else f"none, nothing is recommended there{reason}"
    raise ActionRefused(f"rank: found {rank} for {enterprise_id!r:.60}; allowed: {allowed}")


def move_one(action_id: str, to: str, by: str, on: str | None, fmt: str | None) -> None:
    """Move one action on and print it."""
    day = _day("on", on)
    with opened() as (register, settings):
        made = move(register, settings, action_id, to, by, day)
        promise = register.promises(made.enterprise_id).get(action_id)
    emit(_line(made, promise, None), fmt)


def show_history(action_id: str, fmt: str | None) -> None:
    """Print every change of an action."""
    with opened() as (register, _):
        changes = register.history(action_id)
    rows = [{name: value for name, value in one._asdict().items() if name != "subject"} for one in changes]
    emit(rows, fmt, ("version", "at", "who", "action", "field", "old", "new"))


def judge(action_ids: list[str], as_of: str | None, fmt: str | None) -> None:
    """Print verdicts; those on everything become the pages' own."""
    from serving.progress import bar

    with opened() as (register, settings), Store.open(settings) as store, bar("judging") as progress:
        if not action_ids and as_of is None:
            rows = list(publish_verdicts(settings, store, progress.update).verdicts)
        else:
            rows = _judged(register, store, action_ids, as_of)
    table = fmt == Format.table or (fmt is None and sys.stdout.isatty())
    emit(map(_short, rows) if table else rows, fmt, JUDGED if table else None)


def _judged(
    register: Register, store: Store, action_ids: list[str], as_of: str | None
) -> list[dict[str, Any]]:
    from features.model_table import build_model_table
    from models.verdicts import judge_actions

    actions = store.table("actions").collect("pandas").to_native()
    if unknown := sorted(set(action_ids) - set(actions["action_id"])):
        raise ActionRefused(f"ID: found {unknown[0]!r:.60}; allowed: one of `zhuoyue actions list`")
    targets = {name: promise.target for name, promise in register.promises().items()}
    rows = judge_actions(build_model_table(store, as_of), actions, action_ids or None, targets)
    return [row.model_dump(mode="json") for row in rows]


def _short(row: dict[str, Any]) -> dict[str, Any]:
    effect, money, lever = _deciding(row) or {}, row["money"] or {}, row["lever"] or {}
    return {
        **row,
        "effect": effect.get("estimate"),
        "low": effect.get("low"),
        "high": effect.get("high"),
        "before_after": effect.get("naive"),
        "saved": money.get("estimate"),
        "lever_moved": lever.get("moved"),
    }


def show_scores(enterprise_id: str | None, fmt: str | None) -> None:
    """Print how promises have fared, from the verdicts published last."""
    with opened() as (_, settings), Store.open(settings) as store:
        found = Verdicts.load(settings)
        if not found.made_at:
            found = publish_verdicts(settings, store)
        elif found.fingerprint != store.fingerprint():
            typer.echo(
                "note: records came after these verdicts; `zhuoyue actions verdict` renews them", err=True
            )
    rows = list(found.scores)
    if enterprise_id is not None:
        rows = [row for row in rows if row["scope"] == "enterprise" and row["name"] == enterprise_id]
    emit(rows, fmt, SCORED)


def check(known: str | None, fmt: str | None) -> int:
    """Print whether the history is whole, and return the exit status. It mends nothing."""
    with Register.open(Settings()) as register:
        found = register.verify(known)
    whole = not found.faults
    emit({"changes": found.rows, "head": found.head, "whole": whole, "faults": found.faults}, fmt)
    return DONE if whole else FAILED


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ActionRefused(f"{name}: found {text!r:.40}; allowed: a day, YYYY-MM-DD") from None
