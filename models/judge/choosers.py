"""Everybody who chooses actions, by name. One group may read the same fit in several ways."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from models.judge import causal_libraries as causal
from models.judge.choice import Choice
from models.judge.contributions import by_shap
from models.judge.libraries import HOW, missing
from models.judge.lots import by_correlation, lot, lot_with_oracle
from models.judge.own import ours
from models.judge.promises import Slopes, by_effects
from models.judge.province import Province
from models.judge.readings import by_counterfactual, by_permutation
from models.judge.truth import Truth

Choices = Mapping[str, list[Choice]]
Ask = Callable[[Province, Truth, np.random.Generator], Choices]
"""Only the lot with an oracle looks at the truth."""


@dataclass(frozen=True)
class Chooser:
    """A group of choosers asked at once.

    `needs` is the library of the extra `causal` that has to be installed ("" for none); one that draws by lot
    is asked `draws` times, and its figures are means.
    """

    ask: Ask
    needs: str = ""
    draws: int = 1


DRAWS: Final = 20


def _plain(name: str, choose: Callable[[Province], list[Choice]]) -> Chooser:
    return Chooser(lambda province, _truth, _rng: {name: choose(province)})


def _estimator(name: str, needs: str, estimate: Callable[[Province], Slopes]) -> Chooser:
    def ask(province: Province, _truth: Truth, _rng: np.random.Generator) -> Choices:
        effects = estimate(province)
        proven = by_effects(province, effects, proven=True)
        return {name: by_effects(province, effects), f"{name}, proven": proven}

    return Chooser(ask, needs)


OURS: Final = {"ours": _plain("ours", ours)}
LOTS: Final = {
    "lot": Chooser(lambda province, _truth, rng: {"lot": lot(province, rng)}, draws=DRAWS),
    "lot, right way": Chooser(
        lambda province, truth, rng: {"lot, right way": lot_with_oracle(province, rng, truth)}, draws=DRAWS
    ),
    "correlation": _plain("correlation", by_correlation),
}
PEERS: Final = {
    "SHAP": Chooser(lambda province, _truth, _rng: by_shap(province)),
    "permutation importance": _plain("permutation importance", by_permutation),
    "counterfactual (DiCE)": _plain("counterfactual (DiCE)", by_counterfactual),
    "DoubleML": _estimator("DoubleML", "doubleml", causal.double_ml),
    "EconML LinearDML": _estimator("EconML LinearDML", "econml", causal.linear_dml),
    "EconML CausalForestDML": _estimator("EconML CausalForestDML", "econml", causal.forest_dml),
}


def chosen(against: str) -> dict[str, Chooser]:
    """Ours and the lots (`none`), and everybody else's too (`peers`)."""
    return OURS | LOTS | (PEERS if against == "peers" else {})


def not_installed(choosers: Mapping[str, Chooser]) -> dict[str, str]:
    """Those whose library is not there, and how to get it."""
    return {name: f"{c.needs} is not installed; {HOW}" for name, c in choosers.items() if missing(c.needs)}
