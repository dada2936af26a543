"""Charts of two real plants: what a textbook's assumptions hide, the chart says."""

from pathlib import Path

import numpy as np
import pytest

from features.control_charts import chart, overview, process_chart
from features.settings import Settings
from features.store import Store

REAL = Path(__file__).parents[3] / "../shared/real"
pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real plants (../shared/real) are not on this machine"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(Settings(home=tmp_path_factory.mktemp("real"))) as opened:
        opened.import_paths([REAL / "pharma", REAL / "flotation"])
        yield opened


def test_a_continuous_line_is_autocorrelated_and_says_so(store):
    """24 readings a day: days differ more than the hours of one day, and resemble the day before."""
    silica = chart(store, "FLOTATION", "silica")
    assert (silica.kind, silica.beside.kind, len(silica.labels)) == ("xbar", "S", 165)
    assert silica.beyond.mean() > 0.3
    assert [note.code for note in silica.notes] == ["autocorrelated"]


def test_lots_of_tablets_vary_more_than_chance(store):
    tablets = process_chart(store, "PHARMA", "tabletting")
    assert tablets.kind == "p_laney"
    (note,) = tablets.notes
    assert (note.code, note.value > 10) == ("overdispersed", True)
    plain = process_chart(store, "PHARMA", "tabletting", kind="p")
    assert plain.beyond.mean() > 0.5 > 0.05 > tablets.beyond.mean()


def test_every_characteristic_of_a_plant_in_one_pass(store):
    rows = overview(store, "PHARMA")
    assert rows["points"].sum() == 1005
    assert set(rows["chart"]) == {"i_mr"}
    assert np.isfinite(rows.loc[rows["points"] > 1, "centre"]).all()
