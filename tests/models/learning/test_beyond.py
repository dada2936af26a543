"""What a backtest says of later years: found again where it was put in, the defaults where nothing is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.forecast.beyond import Beyond
from models.forecast.conformal import Spread
from models.forecast.panel import panels
from models.forecast.scales import Scale, Signs
from models.forecast.target_model import TargetModel
from models.learning.beyond import Past, learn_beyond, second_year
from models.learning.fit import fit
from models.learning.rolling import Settings
from models.results import QUANTILES

SPREAD = Spread(
    np.tile(np.linspace(-1, 1, len(QUANTILES)) + 0.3, (12, 1)),
    Scale({}, 0, 1, 0, 0, (0.0,) * 12),
    np.zeros(19),
)
TRUE = Beyond(stays=0.2, lingers=0.7, pull=0.8, width=(1.4, 1.2, 1.0, 0.9))


def _signs(n: int) -> Signs:
    return Signs(("P",), np.zeros(n, dtype=np.int64), np.zeros(n), np.full(n, 24.0))


def _past(n: int, seed: int = 0) -> Past:
    """Second years that go on as TRUE says, after errors whose median is 0.3."""
    rng = np.random.default_rng(seed)
    point, own = rng.normal(size=(n, 12)), rng.normal(size=n)
    first, fresh = (rng.normal(size=(n, 12)) + 0.5 * rng.normal(size=(n, 1)) + 0.3 for _ in range(2))
    second = TRUE.errors(first, fresh[:, None], np.full(12, 0.3))
    return Past(point, point + first, TRUE.points(point, own, 24)[:, 12:] + second, own)


def test_shares_and_spread_are_found_from_many_second_years() -> None:
    found = learn_beyond(_past(30_000), _signs(30_000), SPREAD, Beyond())
    assert found.stays == pytest.approx(TRUE.stays, abs=0.03)
    assert found.lingers == pytest.approx(TRUE.lingers, abs=0.03)
    assert found.pull == pytest.approx(TRUE.pull, abs=0.03)
    np.testing.assert_allclose(found.width, TRUE.width, atol=0.03)


def test_little_evidence_moves_the_defaults_little() -> None:
    few, more = (learn_beyond(_past(n), _signs(n), SPREAD, Beyond()) for n in (6, 600))
    assert abs(few.pull - Beyond.pull) < 0.1
    assert Beyond.pull < more.pull < TRUE.pull
    assert TRUE.stays < more.stays < Beyond.stays
    assert 1.0 < more.width[0] < TRUE.width[0]


@pytest.mark.parametrize("hidden", ["came", "later"])
def test_without_any_second_year_the_defaults_hold(hidden: str) -> None:
    past = _past(50)
    past = replace(past, **{hidden: np.full((50, 12), np.nan)})
    assert learn_beyond(past, _signs(50), SPREAD, Beyond()) == Beyond()


def test_plants_without_history_say_nothing_of_those_that_have_one() -> None:
    past = _past(400)
    strange = replace(_signs(400), known=np.where(np.arange(400) < 200, 24.0, 0.0))
    half = Past(*(values[:200] for values in (past.point, past.came, past.later, past.own)))
    assert learn_beyond(past, strange, SPREAD, Beyond()) == learn_beyond(half, _signs(200), SPREAD, Beyond())


def test_a_second_year_is_the_same_plants_own(table) -> None:
    panel = next(panels(table.frame, table.features))
    first = panel.future(panel.actual["ppm"])
    found, known = second_year(panel, first), 0
    by_month = dict(zip(zip(panel.entity, panel.t, strict=True), panel.actual["ppm"], strict=True))
    for row in range(0, len(panel.t), 7):
        for k in (1, 5, 12):
            later = by_month.get((panel.entity[row], panel.t[row] + 12 + k), np.nan)
            np.testing.assert_equal(found[row, k - 1], later)
            known += bool(np.isfinite(later))
    assert known > 50


@pytest.fixture(scope="module")
def targets(table) -> dict[str, TargetModel]:
    return fit(table, Settings(refits=2)).model.panels["month", "enterprise"].targets


def test_a_model_trained_before_there_was_any_goes_on_by_the_defaults(targets) -> None:
    model = targets["ppm"]
    written = model.to_dict()
    assert TargetModel.from_dict(written, model.boosters).beyond == model.beyond
    del written["beyond"]
    assert TargetModel.from_dict(written, model.boosters).beyond == Beyond()
    claims = TargetModel.from_dict(written | {"target": "external_loss"}, model.boosters)
    assert claims.beyond.width[0] > 1.0, "fresh claims are less foreseen than those of the first year"


def test_training_learns_it_and_keeps_it_in_bounds(targets) -> None:
    learned = [target.beyond for target in targets.values()]
    assert all(one != Beyond() for one in learned)
    for one in learned:
        assert all(0.0 <= share <= 1.0 for share in (one.stays, one.lingers, one.pull))
        assert all(0.8 <= width <= 1.6 for width in one.width)
