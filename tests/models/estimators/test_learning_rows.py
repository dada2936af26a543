"""Rows for scikit-learn say of every month what came later, and whose it was."""

import numpy as np
import pytest

from models.estimators import NothingToLearnFromError, learning_rows


def test_a_target_is_the_value_of_the_same_enterprise_so_many_months_later(table):
    rows = learning_rows(table, "internal_loss", horizon=4)
    whole = table.frame[(table.frame["product_id"] == "") & (table.frame["frequency"] == "month")]
    observed = whole.set_index(["enterprise_id", "t"])["internal_loss"].astype(float)
    for (enterprise, _, _), t, y in list(zip(rows.y.index, rows.t, rows.y, strict=True))[::7]:
        assert y == observed[enterprise, t + 4]
    assert len(rows.y) == len(rows.x) == len(rows.t)
    assert np.isfinite(rows.y).all()
    assert (np.diff(rows.t) >= 0).all()


def test_a_yield_is_learned_as_far_as_its_sample_can_show_it(rows):
    assert rows.y.max() < 1


def test_what_cannot_be_learned_is_refused(table):
    with pytest.raises(ValueError, match="allowed are 1 to 12"):
        learning_rows(table, "ftq", horizon=13)
    with pytest.raises(ValueError, match="ftq, ppm"):
        learning_rows(table, "cpk", scope="product")
    with pytest.raises(NothingToLearnFromError, match="day"):
        learning_rows(table, "ftq", frequency="day")
