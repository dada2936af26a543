"""The slope of incoming quality where it is known: found, not invented, refuted where it must be."""

import numpy as np
import pandas as pd
import pytest

from models.chains import Links, carried
from models.chains.links import weights
from tests.models.chains.world import chain


@pytest.mark.parametrize("outcome", ["ftq", "internal_loss"])
def test_a_slope_that_is_there_is_found(outcome):
    covered = []
    for seed in range(6):
        found = carried(*chain(0.25, seed=seed))[outcome]
        assert found.shown
        assert found.customers == 19
        covered.append(found.low <= 0.25 <= found.high)
    assert sum(covered) >= 5


def test_nothing_is_carried_where_nothing_arrives():
    shown = [carried(*chain(0.0, seed=seed))["ftq"].shown for seed in range(12)]
    assert sum(shown) <= 2
    found = carried(*chain(0.0, seed=3))["ftq"]
    assert (found.reason, abs(found.slope) < 0.1) == ("not_shown", True)


def test_what_comes_before_its_cause_is_refuted():
    found = carried(*chain(0.4, lag=-1))["ftq"]
    assert found.reason == "refuted"
    assert found.lead > 3


def test_few_customers_show_nothing():
    found = carried(*chain(0.25, plants=14))["ftq"]
    assert (found.customers, found.reason) == (6, "few_customers")


def test_without_a_link_there_is_nothing():
    months, links = chain(0.25, plants=14)
    found = carried(months, Links(links.ids, links.rows[:0]))
    assert {one.reason for one in found.values()} == {"few_customers"}


def test_shares_add_up_to_one_at_most_and_unknown_ones_carry_nothing():
    rows = pd.DataFrame(
        [
            {"supplier_id": s, "customer_id": c, "material": m, "share": w}
            for s, c, m, w in [
                ("a", "x", "1", 0.9),
                ("a", "x", "2", 0.6),
                ("b", "x", "2", 0.5),
                ("a", "y", "1", np.nan),
                ("b", "y", "1", 0.4),
            ]
        ]
    )
    found = weights(["a", "b", "x", "y"], rows).toarray()
    assert found[2] == pytest.approx([0.75, 0.25, 0, 0])
    assert found[3] == pytest.approx([0, 0.4, 0, 0])
