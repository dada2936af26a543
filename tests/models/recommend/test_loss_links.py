"""How losses follow failures, on records that were made to."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.recommend.loss_links import LATEST_CLAIM, LossLinks, claims_delay, loss_links
from tests.models.effects.panel import Table, _ar, _keys, simulate

PLANTS, MONTHS = 12, 60


def records(seed: int = 0, delay=(0.0, 0.0, 0.5, 0.3, 0.2), elasticity: float = 0.7) -> pd.DataFrame:
    """Failures drift, a tenth escapes, each escape costs months later by `delay`, inside by `elasticity`."""
    rng = np.random.default_rng(seed)
    shape = (PLANTS, MONTHS)
    failing = np.exp(-3 + 0.5 * _ar(rng, shape, 0.7))
    size = np.exp(rng.normal(0, 0.5, (PLANTS, 1)))
    back = rng.poisson(1e4 * size * 0.1 * failing).astype(float)
    late = sum(w * np.pad(back, ((0, 0), (k, 0)), mode="edge")[:, :MONTHS] for k, w in enumerate(delay))
    inside = 4e5 * size * (failing / np.exp(-3)) ** elasticity * np.exp(0.05 * rng.standard_normal(shape))
    output = 1e7 * size * np.ones(shape)
    columns = {
        "ftq": np.exp(-failing),
        "q.nonconforming": back,
        "q.external_amount": 50 * late * np.exp(0.1 * rng.standard_normal(shape)),
        "q.internal_amount": inside,
        "internal_loss": inside / output,
        "q.output_value": output,
    }
    return _keys(shape).assign(**{name: x.ravel() for name, x in columns.items()})


def table_of(frame: pd.DataFrame) -> Table:
    return Table(frame, pd.DataFrame({"enterprise_id": [], "parameter_id": [], "kind": []}))


@pytest.mark.parametrize("delay", [(1.0,), (0.0, 0.0, 0.4, 0.4, 0.2), (0.2, 0.0, 0.0, 0.0, 0.0, 0.0, 0.8)])
def test_months_until_claims_come_are_found(delay) -> None:
    found = np.mean([claims_delay(records(seed, delay)) for seed in range(3)], axis=0)
    planted = np.zeros(LATEST_CLAIM + 1)
    planted[: len(delay)] = delay
    np.testing.assert_allclose(found, planted, atol=0.08)


def test_the_first_year_gets_what_has_come_by_then() -> None:
    """A lasting change from month 0: claims 2 … 4 months later reach 10, 9 and 8 of 12 months."""
    links = loss_links(table_of(records(delay=(0.0, 0.0, 0.5, 0.3, 0.2))))
    assert links.first_year == pytest.approx((0.5 * 10 + 0.3 * 9 + 0.2 * 8) / 12, abs=0.03)
    assert loss_links(table_of(records(delay=(1.0,)))).first_year == pytest.approx(1.0, abs=0.03)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.1, 0.95), st.integers(0, 100))
def test_elasticity_is_found_within_plants(elasticity: float, seed: int) -> None:
    assert loss_links(table_of(records(seed, elasticity=elasticity))).elasticity == pytest.approx(
        elasticity, abs=0.04
    )


def test_elasticity_of_the_synthetic_panel() -> None:
    assert loss_links(simulate(enterprises=6).table).elasticity == pytest.approx(0.95, abs=0.06)


def test_levels_left_alone_move_as_much_as_their_years_did() -> None:
    frame = records(4)
    link = np.log(-np.log(frame["ftq"].to_numpy().reshape(PLANTS, MONTHS)))
    changes = [
        link[i, t - 11 : t + 1].mean() - link[i, t - 23 : t - 11].mean()
        for i in range(PLANTS) for t in range(23, MONTHS)
    ]  # fmt: skip
    assert loss_links(table_of(frame)).level_sd == pytest.approx(
        np.sqrt(np.mean(np.square(changes))), rel=0.05
    )


def test_usual_loss_per_failing_output_is_the_median_plants() -> None:
    frame = records(5)
    per = frame.assign(exposed=frame["q.output_value"] * (1 - frame["ftq"])).groupby("enterprise_id").sum()
    inside, outside = loss_links(table_of(frame)).per_failing
    assert inside == pytest.approx(np.median(per["q.internal_amount"] / per["exposed"]))
    assert outside == pytest.approx(np.median(per["q.external_amount"] / per["exposed"]))


def test_where_nothing_is_on_record_nothing_is_assumed() -> None:
    bare = records()[["enterprise_id", "t", "product_id", "frequency"]]
    assert loss_links(table_of(bare)) == LossLinks()
    few = records()
    few = few[few["t"] < few["t"].min() + 12]
    np.testing.assert_array_equal(claims_delay(few), np.eye(LATEST_CLAIM + 1)[0])
    assert loss_links(table_of(few[few["enterprise_id"] < "E02"])).per_failing is None
