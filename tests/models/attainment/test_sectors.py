"""Enterprises of which only the registration is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.tables import FrameTables
from models.attainment import attain
from models.attainment.sectors import sector_shares


def test_a_sector_is_drawn_to_all_by_what_is_seen_of_it() -> None:
    codes = pd.Series(["C3311"] * 2 + ["C1711"] * 8)
    shares = sector_shares(codes, np.array([5, 5] + [1] * 8))
    everybody = (np.array([8, 0, 0, 0, 2]) + 0.2) / 11
    np.testing.assert_allclose(shares[""], everybody, atol=1e-4)
    np.testing.assert_allclose(shares["33"], (np.array([0, 0, 0, 0, 2]) + 8 * everybody) / 10, atol=1e-4)
    assert shares["17"][0] > shares[""][0]
    assert all(sum(own) == pytest.approx(1.0, abs=1e-3) for own in shares.values())


def test_a_registered_enterprise_without_records_gets_its_sectors_levels(trained) -> None:
    tables = {name: table.to_pandas() for name, table in trained.tables.arrow.items()}
    fresh = tables["enterprises"].iloc[[0]].assign(enterprise_id="NEW", industry_code="C3399")
    tables["enterprises"] = pd.concat([tables["enterprises"], fresh], ignore_index=True)
    shares = {"": [0.5, 0.3, 0.2, 0.0, 0.0], "33": [0.1, 0.2, 0.3, 0.2, 0.2]}
    facts = {"periods": {"month": ["2021-01", "2024-04"]}}
    model = replace(trained.fitted.model, levels={"sectors": shares}, facts=facts)
    rows = attain(FrameTables(tables), model, ["NEW"], table=trained.table)
    assert [row.horizon for row in rows] == list(range(1, 13))
    assert rows[0].period == "2024-05"
    assert list(rows[0].probabilities.values()) == pytest.approx(shares["33"])
    assert rows[11].reached_by["4"] == pytest.approx(0.4)
    assert rows[11].held_for_three["4"] == pytest.approx(0.4)
    assert rows[1].held_for_three["4"] == 0.0
    assert {row.scope for row in rows} == {"performance"}
    assert attain(FrameTables(tables), replace(model, levels={}), ["NEW"], table=trained.table) == []
