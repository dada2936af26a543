"""How far a candidate can be believed: strong, fair, or not at all and why, in plain words."""

from dataclasses import dataclass
from typing import Final

from models.effects.sector import Change, SectorEffects
from models.effects.sensitivity import robustness_value
from models.recommend.rows import Confidence, ReasonCode

NINETY: Final = 1.645
LEAST_HISTORY: Final = 18
LEAST_RELIABILITY: Final = 0.3
MOST_REACTIVE: Final = 0.5
NOISY: Final = "the gauge's noise drowns the lever's own movement"
REACTIVE: Final = "the lever answers bad periods: cause and answer cannot be told apart"
MOST_PLACEBO: Final = 0.1
LEAST_SAME_SIGN: Final = 0.8
MOST_RANDOM_CAUSE: Final = 1.0
STRONG: Final = {"z": 2.6, "placebo": 0.05, "same_sign": 0.95, "robustness": 0.10, "history": 30.0}


@dataclass(frozen=True)
class Judgement:
    """`confidence`, and for `none` `reason` and `code`; `evidence` holds every number it rests on."""

    confidence: Confidence
    reason: str | None
    evidence: dict[str, float]
    code: ReasonCode | None = None


def judge(effects: SectorEffects, enterprise: int, lever: int, change: Change) -> Judgement:
    """Judges one move's effect on one target."""
    evidence = _evidence(effects, enterprise, lever, change)
    doubt = _doubt(change, evidence)
    if doubt:
        return Judgement("none", doubt[1], evidence, doubt[0])
    return Judgement("strong" if _is_strong(change, evidence) else "fair", None, evidence)


def _evidence(effects: SectorEffects, enterprise: int, lever: int, change: Change) -> dict[str, float]:
    rows = float(effects.periods[:, lever].sum())
    verdict = change.verdict
    return {
        "history_periods": float(effects.periods[enterprise, lever]),
        "sector_periods": rows,
        "gauge_reliability": float(effects.settings.reliability[enterprise, lever]),
        "predicted_by_past_outcomes": effects.foretold(lever),
        "placebo_p": verdict["placebo_p"],
        "random_common_cause": verdict["random_cause"],
        "subset_same_sign": verdict["same_sign"],
        "robustness_value": robustness_value(verdict["t"], rows),
    }


def _doubt(change: Change, e: dict[str, float]) -> tuple[ReasonCode, str] | None:
    """The first reason to keep silent, with its code, or None."""
    own, covers_zero = e["history_periods"], abs(change.mean) < NINETY * change.sd
    checks: tuple[tuple[bool, ReasonCode, str], ...] = (
        (
            own < LEAST_HISTORY,
            "short_history",
            f"only {own:.0f} periods of its own history ({LEAST_HISTORY} needed)",
        ),
        (e["gauge_reliability"] < LEAST_RELIABILITY, "noisy_gauge", NOISY),
        (e["predicted_by_past_outcomes"] > MOST_REACTIVE, "reactive", REACTIVE),
        (covers_zero, "covers_zero", "the 90 % interval of its effect covers zero"),
        (e["placebo_p"] > MOST_PLACEBO, "placebo", "levers shifted to the wrong time seem to work as well"),
        (
            e["subset_same_sign"] < LEAST_SAME_SIGN,
            "sign",
            "the effect changes sign between halves of the data",
        ),
        (
            e["random_common_cause"] > MOST_RANDOM_CAUSE,
            "random_cause",
            "an invented common cause moves the effect",
        ),
    )
    return next(((code, reason) for failed, code, reason in checks if failed), None)


def _is_strong(change: Change, e: dict[str, float]) -> bool:
    return (
        abs(change.mean) >= STRONG["z"] * change.sd
        and e["placebo_p"] <= STRONG["placebo"]
        and e["subset_same_sign"] >= STRONG["same_sign"]
        and e["robustness_value"] >= STRONG["robustness"]
        and e["history_periods"] >= STRONG["history"]
    )
