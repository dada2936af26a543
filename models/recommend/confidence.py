"""How far a candidate can be believed: strong, fair, or not at all and why, in plain words."""

from dataclasses import dataclass
from typing import Final

from models.effects.model import Change, SectorEffects
from models.effects.sensitivity import robustness_value
from models.recommend.rows import Confidence

NINETY: Final = 1.645
LEAST_HISTORY: Final = 18
LEAST_RELIABILITY: Final = 0.3
LEAST_KEPT: Final = 0.05
MOST_REACTIVE: Final = 0.5
REACTIVE: Final = "the lever answers bad periods: cause and answer cannot be told apart"
MOST_PLACEBO: Final = 0.1
LEAST_SAME_SIGN: Final = 0.8
MOST_RANDOM_CAUSE: Final = 1.0
STRONG: Final = {"z": 2.6, "placebo": 0.05, "same_sign": 0.95, "robustness": 0.10, "history": 30.0}


@dataclass(frozen=True)
class Judgement:
    """`confidence`, and for `none` the `reason`; `evidence` holds every number it rests on."""

    confidence: Confidence
    reason: str | None
    evidence: dict[str, float]


def judge(effects: SectorEffects, enterprise: int, lever: int, change: Change) -> Judgement:
    """Judges one move's effect on one target."""
    evidence = _evidence(effects, enterprise, lever, change)
    reason = _doubt(change, evidence)
    if reason:
        return Judgement("none", reason, evidence)
    return Judgement("strong" if _is_strong(change, evidence) else "fair", None, evidence)


def _evidence(effects: SectorEffects, enterprise: int, lever: int, change: Change) -> dict[str, float]:
    rows = float(effects.periods[:, lever].sum())
    verdict = change.verdict
    return {
        "history_periods": float(effects.periods[enterprise, lever]),
        "sector_periods": rows,
        "gauge_reliability": float(effects.pooled.reliability[lever]),
        "variation_left": float(effects.kept[lever]),
        "predicted_by_past_outcomes": float(effects.reactive[lever]),
        "placebo_p": verdict["placebo_p"],
        "random_common_cause": verdict["random_cause"],
        "subset_same_sign": verdict["same_sign"],
        "robustness_value": robustness_value(verdict["t"], rows),
    }


def _doubt(change: Change, e: dict[str, float]) -> str | None:
    """The first reason to keep silent, or None."""
    own, covers_zero = e["history_periods"], abs(change.mean) < NINETY * change.sd
    checks = (
        (own < LEAST_HISTORY, f"only {own:.0f} periods of its own history ({LEAST_HISTORY} needed)"),
        (e["gauge_reliability"] < LEAST_RELIABILITY, "the gauge's noise drowns the lever's own movement"),
        (e["variation_left"] < LEAST_KEPT, "history already predicts the lever: it hardly moved by itself"),
        (e["predicted_by_past_outcomes"] > MOST_REACTIVE, REACTIVE),
        (covers_zero, "the 90 % interval of its effect covers zero"),
        (e["placebo_p"] > MOST_PLACEBO, "levers shifted to the wrong time seem to work as well"),
        (e["subset_same_sign"] < LEAST_SAME_SIGN, "the effect changes sign between halves of the data"),
        (e["random_common_cause"] > MOST_RANDOM_CAUSE, "an invented common cause moves the effect"),
    )
    return next((reason for failed, reason in checks if failed), None)


def _is_strong(change: Change, e: dict[str, float]) -> bool:
    return (
        abs(change.mean) >= STRONG["z"] * change.sd
        and e["placebo_p"] <= STRONG["placebo"]
        and e["subset_same_sign"] >= STRONG["same_sign"]
        and e["robustness_value"] >= STRONG["robustness"]
        and e["history_periods"] >= STRONG["history"]
    )
