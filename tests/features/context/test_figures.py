"""The published figures: complete, typed, each with its source; changed only on purpose."""

import hashlib
from collections import Counter
from importlib.resources import files

import pytest

from features.context import INDICATORS, figures
from features.context.figures import AREAS, _figure

SHA256 = "e328887d6665f9a52d35189f0d1793374335da54ac5980a8e111e47257f9693d"


def test_the_figures_are_those_that_were_copied():
    text = files("features.context").joinpath("figures.csv").read_bytes()
    assert hashlib.sha256(text).hexdigest() == SHA256
    assert Counter(one.indicator for one in figures()) == {
        "manufacturing_pass_rate": 5,
        "spot_check_pass_rate": 12,
        "spot_check_fail_rate": 12,
        "quality_competitiveness_index": 59,
        "quality_loss_rate": 78,
    }


def test_every_figure_has_a_source_a_year_and_a_place_of_its_own():
    keys = Counter((one.indicator, one.year, one.area, one.industry, one.size) for one in figures())
    assert max(keys.values()) == 1
    for one in figures():
        assert one.source
        assert one.unit == INDICATORS[one.indicator]
        assert 1998 <= one.year <= 2024
        assert one.area in AREAS or (len(one.area) == 2 and one.area.isdigit())
        assert one.url.startswith("http") or (one.url == "" and "2008" in one.source)


def test_values_lie_where_such_figures_lie():
    bounds = {
        "manufacturing_pass_rate": (93, 94.5),
        "spot_check_pass_rate": (75, 93),
        "spot_check_fail_rate": (0, 15),
        "quality_competitiveness_index": (60, 100),
        "quality_loss_rate": (0, 4),
    }
    for one in figures():
        low, high = bounds[one.indicator]
        assert low < one.value < high, one


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (("manufacturing_pass_rate", 2024, "nation", "", ""), 93.93),
        (("quality_loss_rate", 2007, "42", "", ""), 0.82),
        (("quality_loss_rate", 1998, "nation", "", ""), 0.72),
        (("quality_competitiveness_index", 2009, "nation", "", ""), 82.14),
        (("quality_competitiveness_index", 2006, "nation", "pharmaceuticals", ""), 82.95),
        (("spot_check_fail_rate", 2022, "nation", "", "small"), 10.1),
    ],
)
def test_some_figures_as_published(key, value):
    found = {(one.indicator, one.year, one.area, one.industry, one.size): one for one in figures()}
    assert found[key].value == value
    assert found[key].derived == ""


def test_derived_figures_say_from_what_and_add_up():
    derived = [one for one in figures() if one.derived]
    assert Counter(one.indicator for one in derived) == {
        "manufacturing_pass_rate": 1,
        "spot_check_pass_rate": 2,
        "spot_check_fail_rate": 3,
        "quality_competitiveness_index": 8,
    }
    by_key = {
        (one.indicator, one.year, one.area, one.size): one.value for one in figures() if not one.industry
    }
    assert by_key["manufacturing_pass_rate", 2022, "nation", ""] == round(93.65 - 0.36, 2)
    assert by_key["spot_check_pass_rate", 2020, "nation", ""] == round(100 - (12.2 - 2.2), 1)
    for size, change in (("large", 0.7), ("medium", 0.6), ("small", 2.1)):
        after = by_key["spot_check_fail_rate", 2021, "nation", size]
        assert by_key["spot_check_fail_rate", 2020, "nation", size] == round(after - change, 1)


def test_a_row_without_source_is_refused():
    row = {"indicator": "quality_loss_rate", "unit": "percent", "source": ""}
    with pytest.raises(ValueError, match="line 7"):
        _figure(7, row)
    with pytest.raises(ValueError, match="'gdp'"):
        _figure(7, {"indicator": "gdp"})
