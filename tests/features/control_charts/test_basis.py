"""Charts against a baseline that somebody chose: points left out, a given standard, another width."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from features.control_charts import Basis, ChartError, Width, chart, process_chart
from features.tables import FrameTables
from tests.features.control_charts.plant_e import SINGLES, measurements


def test_points_whose_cause_was_found_do_not_move_the_limits(tables):
    kept = np.delete(SINGLES[:, 0], [4, 20])
    found = chart(tables, "E", "singles", basis=Basis(exclude=(5, 21)))
    sigma = np.abs(np.diff(kept)).mean() / 1.128379167
    assert found.ucl[0] == pytest.approx(kept.mean() + 3 * sigma, rel=1e-8)
    assert np.flatnonzero(~found.baseline).tolist() == [4, 20]
    assert len(found.statistic) == 50


def test_a_given_standard_and_another_width(tables):
    given = chart(tables, "E", "fours", basis=Basis(centre=5.0, sigma=2.0))
    assert (given.lcl[0], given.centre[0], given.ucl[0]) == (2.0, 5.0, 8.0)
    assert given.beside.centre[0] == pytest.approx(2.0587507 * 2)
    assert not given.baseline.any()
    assert given.notes == ()
    half = chart(tables, "E", "fours", basis=Basis(centre=5.0))
    usual = chart(tables, "E", "fours")
    assert half.centre[0] == 5.0
    assert half.ucl[0] - 5.0 == pytest.approx(usual.ucl[0] - usual.centre[0])
    two = chart(tables, "E", "fours", basis=Basis(width=Width(2.0)))
    assert two.ucl[0] - two.centre[0] == pytest.approx((usual.ucl[0] - usual.centre[0]) * 2 / 3)
    narrow = chart(tables, "E", "fours", "ewma", basis=Basis(width=Width(confidence=0.9)))
    assert narrow.ucl[0] < chart(tables, "E", "fours", "ewma").ucl[0]


def test_a_given_rate_of_counts(tables):
    found = process_chart(tables, "E", "10", kind="p", basis=Basis(centre=0.04))
    expected = 0.04 + 3 * np.sqrt(0.04 * 0.96 / found.size)
    np.testing.assert_allclose(found.ucl, expected)
    assert process_chart(tables, "E", "20", kind="u", basis=Basis(centre=2.5)).centre[0] == 2.5


@pytest.mark.parametrize(
    ("basis", "message"),
    [
        (Basis(exclude=(0,)), "exclude: found 0"),
        (Basis(exclude=(7, 99)), "exclude: found 99; allowed are numbers of points, 1 to 50"),
        (Basis(centre=float("nan")), "centre: found nan"),
        (Basis(sigma=0.0), "sigma: found 0.0"),
        (Basis(sigma=float("inf")), "sigma: found inf"),
    ],
)
def test_a_basis_that_is_none_is_refused(tables, basis, message):
    with pytest.raises(ChartError, match=message):
        chart(tables, "E", "singles", basis=basis)


@pytest.mark.parametrize("basis", [Basis(centre=1.0), Basis(centre=0.0), Basis(centre=0.1, sigma=1.0)])
def test_a_rate_that_is_none_is_refused(tables, basis):
    with pytest.raises(ChartError, match="a rate per unit alone"):
        process_chart(tables, "E", "10", basis=basis)


def test_a_chart_says_when_neighbours_of_its_baseline_are_alike():
    rng = np.random.default_rng(9)
    steady = rng.normal(0, 1, 60)
    alike = np.convolve(rng.normal(0, 1, 80), np.ones(8), "valid")[:60]
    listed = [["E", name, -9.0, 9.0] for name in ("alike", "shifted")]
    tables = FrameTables(
        {
            "enterprises": pd.DataFrame({"enterprise_id": ["E"]}),
            "characteristics": pd.DataFrame(
                listed, columns=["enterprise_id", "characteristic_id", "lsl", "usl"]
            ),
            "measurements": pd.concat(
                [
                    measurements("alike", alike[:, None]),
                    measurements("shifted", (steady + 9 * (np.arange(60) >= 30))[:, None]),
                ]
            ),
        }
    )
    (note,) = chart(tables, "E", "alike").notes
    assert note.code == "autocorrelated"
    assert note.value > 0.5
    later = chart(tables, "E", "shifted", basis=Basis(date(2024, 1, 30)))
    assert later.notes == ()
    assert later.beyond[30:].mean() > 0.9
    assert chart(tables, "E", "shifted").notes[0].code == "autocorrelated"
