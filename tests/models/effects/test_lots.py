"""Lots whose causes are known: settings that matter, one that does not, and a press on no record."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge

from models.effects.lot_checks import check
from models.effects.lots import PENALTIES, LotEffects, effective_clusters, lot_effects, lots_of, out_of_fold

LEVERS = ("speed", "feed", "gap")
TRUE = {"speed": 0.3, "feed": -0.2, "gap": 0.0}


def lots(seed, n=700, products=9, hidden=0.0):
    """Loss = product + slow wander + 0.3 speed − 0.2 feed + noise; settings differ by product and answer the
    product's last loss; `hidden` adds a wandering cause of both speed and loss.
    """
    rng = np.random.default_rng(seed)
    share = rng.dirichlet(np.full(products, 2.0))
    product = rng.choice(products, n, p=share)
    level, place = rng.normal(2.0, 0.4, products), rng.normal(0, 2.0, (products, 3))
    last, press, wander, rows = level.copy(), 0.0, 0.0, []
    for i, p in enumerate(product):
        wander = 0.95 * wander + rng.normal(0, 0.05)
        press = 0.5 * press + rng.normal(0, 1)
        x = place[p] + rng.normal(0, 1, 3) + [0.3 * (last[p] - level[p]), 0.0, 0.0]
        x[0] += hidden * press
        own = x - place[p]
        loss = level[p] + wander + 0.3 * own[0] - 0.2 * own[1] + hidden * press + rng.normal(0, 0.5)
        last[p] = loss
        rows.append([f"p{p}", i * 30 // n, 200_000, loss, *x, rng.normal()])
    return pd.DataFrame(rows, columns=["product_id", "month", "submitted", "loss", *LEVERS, "api"])


def per_unit(effects: LotEffects):
    return effects.theta / effects.lots.spread, effects.error() / effects.lots.spread


def test_known_effects_are_found_and_covered():
    covered, estimates = [], []
    for seed in range(12):
        effects = lot_effects(lots_of(lots(seed), LEVERS, ("api",)))
        low, high = (limit / effects.lots.spread for limit in effects.interval())
        truth = np.array([TRUE[x] for x in LEVERS])
        covered.append((low <= truth) & (truth <= high))
        estimates.append(per_unit(effects)[0])
    np.testing.assert_allclose(np.mean(estimates, axis=0), [0.3, -0.2, 0.0], atol=0.03)
    assert 0.75 <= np.mean(covered) <= 1.0


def test_what_nobody_wrote_down_is_taken_for_the_setting_that_goes_with_it():
    """The limit that docs/real-plants.md speaks of: no check here can see another press."""
    effects = lot_effects(lots_of(lots(1, hidden=0.5), LEVERS, ()))
    assert per_unit(effects)[0][0] > 0.4
    assert check(effects).placebo_p[0] <= 0.02


def test_checks_pass_what_is_true_and_stop_what_is_not():
    found = check(lot_effects(lots_of(lots(3), LEVERS, ("api",))))
    assert found.placebo_p[0] <= 0.02
    assert found.placebo_p[2] > 0.05
    assert found.same_sign[0] > 0.95
    assert found.robustness[0] > 0.2 > found.robustness[2]
    assert all(np.isfinite(v).all() for v in found.products.values())
    assert found.random_cause.max() < 3


def test_no_row_is_known_before_its_time():
    table = lots(5)
    later = table.copy()
    later.loc[500:, ["loss", *LEVERS]] += 7.0
    before, after = (lots_of(t, LEVERS, ("api",)) for t in (table, later))
    early = np.flatnonzero(before.month < table["month"][500] - 1)
    scale = before.spread / after.spread  # the unit is taken from all lots
    np.testing.assert_allclose(before.settings[early] * scale, after.settings[early], atol=1e-9)
    np.testing.assert_allclose(before.controls[early][:, -1], after.controls[early][:, -1])


def test_out_of_fold_is_scikit_learns_ridge_on_other_months():
    rng = np.random.default_rng(1)
    X, month = rng.normal(size=(200, 3)), np.repeat(np.arange(20), 10)
    Z = X @ rng.normal(size=(3, 2)) + rng.normal(size=(200, 2))
    found = out_of_fold(X, Z, month)
    scaled = (X - X.mean(0)) / X.std(0)
    test, train = month < 4, month > 4
    fits = [Ridge(alpha=a).fit(scaled[train], Z[train]).predict(scaled[test]) for a in PENALTIES]
    for column in range(2):
        gaps = [np.abs(found[test, column] - fit[:, column]).max() for fit in fits]
        assert min(gaps) < 1e-9


def test_the_jackknife_leaves_out_whole_products():
    effects = lot_effects(lots_of(lots(6), LEVERS, ()))
    codes = np.unique(effects.lots.product)
    apart = []
    for code in codes:
        keep = effects.lots.product != code
        apart.append(np.linalg.lstsq(effects.d[keep], effects.y[keep], rcond=None)[0] - effects.theta)
    products = (len(codes) - 1) / len(codes) * np.array(apart).T @ np.array(apart)
    assert np.trace(effects.covariance) >= np.trace(products) - 1e-12


@pytest.mark.parametrize(("sizes", "expected"), [([5, 5, 5, 5], 4.0), ([97, 1, 1, 1], 1.0622)])
def test_effective_clusters(sizes, expected):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    assert effective_clusters(labels) == pytest.approx(expected, abs=1e-3)
