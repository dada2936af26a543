"""Money by accounting: what fails, what escapes, what either costs."""

import numpy as np
import pandas as pd
import pytest

from models.recommend.loss_links import loss_links
from models.recommend.money import Losses, benefit, escaping_share, yearly_losses
from tests.models.effects.panel import simulate


def test_fewer_failing_units_save_on_both_sides() -> None:
    losses = Losses(internal=1e6, external=5e5, escaping=0.1, elasticity=1.0)
    assert benefit(losses, np.array(np.log(0.8)), np.array(0.0)) == pytest.approx(0.2 * 1.5e6)


def test_catching_more_moves_cost_inside() -> None:
    losses = Losses(internal=1e6, external=5e5, escaping=0.5, elasticity=1.0)
    # half of what escaped is caught now: outside 250 000 saved, inside 75 instead of 50 units in a hundred
    assert benefit(losses, np.array(0.0), np.array(np.log(0.5))) == pytest.approx(250_000 - 500_000)


def test_a_small_move_is_worth_its_slope() -> None:
    losses = Losses(internal=1e6, external=None, escaping=0.0, elasticity=0.7)
    assert benefit(losses, np.array(-0.001), np.array(0.0)) == pytest.approx(700, rel=1e-3)


def test_unknown_losses_are_not_zero_losses() -> None:
    rows = pd.DataFrame({"ftq": [0.9] * 12, "ppm": [5e4] * 12, "q.internal_amount": [100.0] * 12})
    losses = yearly_losses(rows)
    assert (losses.internal, losses.external) == (1200.0, None)
    assert losses.known
    assert not losses.complete
    assert losses.escaping == pytest.approx(0.5)


def test_escaping_share_needs_both_records() -> None:
    assert escaping_share(pd.DataFrame({"ftq": [0.9, np.nan], "ppm": [np.nan, 10.0]})) == 0.0


def test_elasticity_is_found_within_plants() -> None:
    assert loss_links(simulate(enterprises=6).table) == pytest.approx(0.95, abs=0.06)
