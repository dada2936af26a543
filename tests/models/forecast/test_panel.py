"""The panel: futures within an entity only, yields clipped, history means without a look ahead."""

from __future__ import annotations

import numpy as np
import pandas as pd

from models.forecast.panel import expanding_mean, panels


def test_future_stays_within_an_entity(table) -> None:
    panel = next(panels(table.frame, table.features))
    future = panel.future(panel.actual["ftq"])
    frame = table.frame.set_index(["enterprise_id", "t"])["ftq"]
    for row in range(0, len(panel.t), 37):
        key = panel.keys.iloc[row]
        for h in (1, 5, 12):
            expected = frame.get((key["enterprise_id"], key["t"] + h), np.nan)
            np.testing.assert_equal(future[row, h - 1], expected)


def test_order_of_rows_does_not_matter(table) -> None:
    shuffled = table.frame.sample(frac=1.0, random_state=1)
    a, b = (next(panels(f, table.features)) for f in (table.frame, shuffled))
    np.testing.assert_array_equal(a.raw, b.raw)
    assert a.keys.equals(b.keys)


def test_expanding_mean_equals_pandas() -> None:
    rng = np.random.default_rng(0)
    entity = np.repeat(np.arange(5), 11)
    values = np.where(rng.random(55) < 0.3, np.nan, rng.normal(size=55))
    mean, count = expanding_mean(values, entity)
    oracle = pd.Series(values).groupby(entity).expanding().mean().to_numpy()
    np.testing.assert_allclose(mean, oracle)
    assert count[10] == np.isfinite(values[:11]).sum()


def test_cut_off_history_falls_back_to_the_mean_of_twelve(table) -> None:
    last = table.frame.groupby("enterprise_id").tail(1)
    panel = next(panels(last, table.features))
    np.testing.assert_array_equal(panel.column("cpk.mean"), last["cpk.mean12"].to_numpy())


def test_products_are_a_panel_of_their_own(table) -> None:
    products = table.frame.assign(product_id="P1")
    both = pd.concat([table.frame, products])
    scopes = [p.scope for p in panels(both, table.features)]
    assert scopes == ["enterprise", "product"]
