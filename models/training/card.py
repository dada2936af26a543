"""The model card: what was trained on what, how well it did, and where it should not be trusted."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from models.forecast.forecaster import ModelRows
from models.learning.fit import Fitted
from models.learning.gate import Verdict
from models.learning.scoring import PEERS
from models.learning.strata import coverage_table
from models.results import TARGETS
from models.training.card_forms import Section

SHOWN = (1, 3, 6, 12)
CLOSEST = 12
COVERED = ["frequency", "scope", "target", "slice", "n", "coverage_90", "coverage_50"]
MEASURES = (
    "Rolling origin, expanding window: every forecast was made by a model that had seen nothing after its "
    "origin. Mean absolute errors in the target's unit, beside those of the best simple baseline and of "
    "ridge alone on the same forecasts; vs_best below 0 is better. CRPS is the mean quantile loss times two."
)
INTERVALS = (
    "Share of the values that came that lay inside of the 90 % and the 50 % interval. Every interval was "
    "made before its values came. What is honest reads 0.90 and 0.50; where n is small, chance moves it."
)
DRIVERS = (
    "Mean absolute contribution on the model's scale, one period ahead. Exact, and they add up; they explain "
    "the forecast and are no causes: never choose an action by them (`zhuoyue recommend` does that)."
)
DRIFT = (
    "What later records are held against by `zhuoyue drift` and by `zhuoyue retrain`: the periods of this "
    "training. Values of each target over enterprises and periods, and how many are lacking."
)
LIMITS = (
    "A forecast continues what the records show; it knows nothing of plans or repairs that no record tells.",
    "Intervals are calibrated on this backtest's origins; a shock of a kind that no origin saw is outside.",
    "An entity without history gets its sector's mean and spread; what is not kept is not forecast.",
    "A lasting shift that training never saw is followed over months, not at once: see `zhuoyue drift`.",
    "In the first months after such a shift, intervals are too narrow.",
    "The gate refuses what was shown to be worse; over few origins little can be shown.",
    "No forecast is an official grade.",
)


def title(fitted: Fitted) -> str:
    """Of the card."""
    return f"Forecast model {fitted.model.version}"


def model_card(fitted: Fitted, verdict: Verdict, drivers: pd.DataFrame, table: ModelRows) -> list[Section]:
    """The card's sections, for `card_forms`."""
    return [
        _verdict(verdict),
        Section("What it was trained on", bullets=list(_facts(fitted))),
        Section("How well it did", MEASURES, table=_backtest(fitted.backtest)),
        Section("Are its intervals honest?", INTERVALS, table=_shown_coverage(fitted)),
        Section("What each forecast rests on", bullets=list(_bases(fitted))),
        Section("Drivers", DRIVERS, table=_drivers(drivers)),
        Section("Reference for drift", DRIFT, table=_reference(table)),
        Section("To make it again", _again(fitted)),
        Section("Limits", bullets=LIMITS),
    ]


def _verdict(verdict: Verdict) -> Section:
    closest = verdict.table().sort_values(["adjusted", "p"]).head(CLOSEST)
    shown = closest[["what", "against", "measure", "excess", "error", "origins", "p", "adjusted"]]
    text = (
        "Promoted: not shown to be worse than any baseline, nor than the champion before it. The closest of "
        f"{len(verdict.comparisons)} paired tests over origins:"
    )
    if not verdict.promoted:
        text = f"Refused. The closest of {len(verdict.comparisons)} paired tests over origins:"
    return Section("Promotion", text, verdict.reasons, shown)


def _facts(fitted: Fitted) -> Iterator[str]:
    facts = fitted.model.facts
    for name in sorted(set(facts) - {"features", "periods"}):
        yield f"{name}: {facts[name]}"
    for frequency, (first, last) in sorted(facts.get("periods", {}).items()):
        yield f"periods by {frequency}: {first} to {last}"
    yield f"features: {len(facts.get('features', ()))}"


def _backtest(table: pd.DataFrame) -> pd.DataFrame:
    shown = table[table["horizon"].isin(SHOWN)].copy()
    peers = shown[[f"mae_{p}" for p in PEERS]]
    shown["best_baseline"] = peers.min(axis=1)
    shown["vs_best"] = shown["mae_model"] / shown["best_baseline"] - 1.0
    columns = ["scope", "target", "horizon", "n", "origins", "mae_model", "mae_ridge", "best_baseline"]
    return shown[[*columns, "vs_best", "crps"]]


def coverage(fitted: Fitted) -> pd.DataFrame:
    """Coverage by panel, target and class (horizon, level, length of history), as the backtest found it."""
    return coverage_table(fitted.strata) if len(fitted.strata) else pd.DataFrame(columns=COVERED)


def _shown_coverage(fitted: Fitted) -> pd.DataFrame:
    """Every class of all targets together; of each target what planners ask first."""
    table = coverage(fitted)
    return table[(table["target"] == "all") | table["slice"].isin(["pooled", "horizon 12"])]


def _bases(fitted: Fitted) -> Iterator[str]:
    for (frequency, scope), panel in fitted.model.panels.items():
        for target in panel.targets.values():
            yield f"{frequency} {scope} {target.target}: {target.basis}"


def _drivers(drivers: pd.DataFrame) -> pd.DataFrame:
    sized = drivers.assign(contribution=drivers["contribution_model_scale"].astype(float).abs())
    mean = sized.groupby(["target", "feature"])["contribution"].mean().reset_index()
    return mean.sort_values(["target", "contribution"], ascending=[True, False]).groupby("target").head(5)


def _reference(table: ModelRows) -> pd.DataFrame:
    whole = table.frame[table.frame["product_id"] == ""]
    rows = []
    for frequency, own in whole.groupby("frequency"):
        for target in (y for y in TARGETS if y in own):
            values = own[target].dropna()
            row = {"frequency": frequency, "target": target, "n": len(values)}
            told = {"mean": values.mean(), "sd": values.std(), "lacking": float(own[target].isna().mean())}
            rows.append(row | told)
    return pd.DataFrame(rows)


def _again(fitted: Fitted) -> str:
    facts = fitted.model.facts
    last = max((until for _, until in facts.get("periods", {}).values()), default="")
    return (
        f"The same records (they end at {last}) give this version again, byte for byte on this machine: "
        f"`zhuoyue train --refits {facts.get('refits')} --seed {facts.get('seed')}`, with `--as-of` where "
        "the run's parameter data_as_of names a period."
    )
