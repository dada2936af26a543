"""Options of a real publication: on the portfolio's own paths, and never a surprise to who does nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.assistance.keeping import WEAK, _good, _Tried, actions_of, options, undominated
from models.assistance.options import Options
from models.outlook import Outlook
from models.outlook_files import read_rows
from models.portfolio import Portfolio
from models.portfolio.bases import BASES
from models.portfolio.firsts import NEVER
from models.what_if.answering import trial_of
from models.what_if.kept import Kept
from tests.serving import province


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return Outlook.load(province.with_model(tmp_path_factory)).folder


@pytest.fixture(scope="module")
def portfolio(folder):
    return Portfolio.load(folder)


@pytest.fixture(scope="module")
def recommended(folder):
    found = {}
    for row in read_rows(folder, "recommendations"):
        found.setdefault(row["enterprise_id"], []).append(row)
    return {name: rows for name, rows in found.items() if rows[0]["rank"] is not None}


def test_doing_nothing_is_the_portfolios_own_row(folder, portfolio, recommended):
    kept, checked = Kept(folder), 0
    for name in recommended:
        plant, row = kept.plant(name), portfolio.place[name]
        actions = actions_of(plant, recommended[name])
        trial = trial_of(plant, actions, portfolio.months)
        late = max(portfolio.today - trial.origin, 0)
        tried = _Tried.of(trial, [()], late, dict.fromkeys(BASES, 1))
        for basis in BASES:
            assert (tried.firsts[basis][:, 0] == portfolio.firsts(basis)[:, row]).all()
            checked += 1
    assert checked


def test_what_was_kept_is_what_is_computed_again(folder, portfolio, recommended):
    published, kept = Options.load(folder), Kept(folder)
    assert set(published.of) == set(recommended)
    name = next(iter(recommended))
    now = {basis: int(portfolio.level(basis)[portfolio.place[name]]) for basis in BASES}
    again = options(kept.plant(name), recommended[name], portfolio, now)
    places = published.of[name]
    assert [row.actions for row in again.rows] == [published.rows[o].actions for o in places]
    for key, firsts in again.firsts.items():
        assert (published.firsts[key][:, places] == firsts).all()
    most = max(len(row.actions) for row in again.rows)
    assert 1 <= most <= len(recommended[name])
    for row in again.rows:
        assert row.cost == sum(action.cost for action in row.actions)
        assert row.months >= 1


def test_actions_help_and_weak_ones_help_less(folder, portfolio):
    """Over all options: single paths may go either way, the mean may not."""
    published = Options.load(folder)
    rows = [portfolio.place[row.enterprise_id] for row in published.rows]
    for basis in BASES:
        likely, weak = (published.firsts[basis, end] != NEVER for end in ("likely", "weak"))
        alone = portfolio.firsts(basis)[:, rows] != NEVER
        assert likely.mean() >= weak.mean() >= alone.mean()
    performance = published.firsts["performance", "likely"]
    assert (performance != portfolio.firsts("performance")[:, rows]).any()


def test_the_weak_end_without_doubt_is_the_estimate(folder, portfolio, recommended):
    name = next(iter(recommended))
    plant = Kept(folder).plant(name)
    trial = trial_of(plant, actions_of(plant, recommended[name]), portfolio.months)
    sure = replace(trial.effects, covariance=np.zeros_like(trial.effects.covariance))
    weak = sure.weak(WEAK)
    assert (weak.mean == sure.mean).all()
    assert (trial.effects.weak(WEAK).mean.sum(axis=0) > trial.effects.mean.sum(axis=0)).all()


def test_what_costs_more_and_is_nowhere_better_is_left_out():
    good = np.array([[0.5, 0.1], [0.5, 0.1], [0.6, 0.1], [0.4, 0.3], [0.6, 0.3]])
    costs = np.array([1.0, 2.0, 3.0, 0.5, 9.0])
    assert undominated(costs, good) == [0, 2, 3, 4]
    assert undominated(np.array([2.0, 2.0]), good[:2]) == [0]


def test_all_that_an_option_is_wanted_for_is_compared():
    first = {basis: np.full((4, 1, 2), NEVER, dtype=np.uint8) for basis in BASES}
    first["grade"][1, 0] = [2, NEVER]
    falls = {basis: np.array([[0.3, np.nan, 0, 0, 0]]) for basis in BASES}
    good = _good(_Tried(first, falls), 3)
    assert good.shape == (1, 2 * 3 * 4 + 2 * 5)
    assert sorted(set(good[0])) == [-0.3, 0.0, 0.5]
