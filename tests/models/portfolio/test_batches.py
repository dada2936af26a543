"""Parts of the enterprises, wherever they run, give what all together give."""

import numpy as np
import pyarrow as pa
import pytest

from models.attainment.level_model import LevelModel
from models.attainment.official import State
from models.portfolio.bases import BASES
from models.portfolio.batches import Common, batches_ahead, standing
from models.portfolio.paths import levels_ahead
from models.rules_numpy import ArrayRules
from models.what_if.files import Plants, write_plants
from models.what_if.together import together
from tests.models.what_if.test_together import kept, shared  # noqa: F401 - a fixture

LEVELS = {"admission": {"lost": 0.01, "regained": 0.1}}


@pytest.fixture
def batches(tmp_path):
    """Of the plants' file, in uneven parts and another order."""
    import json

    rows = [(name, json.dumps(facts), numbers) for name, facts, numbers in kept()]
    write_plants(tmp_path / "plants.arrow", rows)
    assert list(Plants(tmp_path / "plants.arrow").names) == [name for name, _, _ in rows]
    table = pa.ipc.open_file(tmp_path / "plants.arrow").read_all()
    return [
        batch for part in (table[5:], table[:1], table[1:5]) for batch in part.combine_chunks().to_batches()
    ]


def test_parts_in_any_order_are_the_whole(batches, shared):  # noqa: F811
    rows = list(kept())
    whole = together(rows, shared)
    expected = levels_ahead(whole, LevelModel.from_dict(LEVELS), standing(whole.states))
    found = pa.Table.from_batches(batches_ahead(batches, Common(shared, LEVELS))).sort_by("enterprise_id")
    assert found["enterprise_id"].to_pylist() == [name for name, _, _ in rows]
    for basis in BASES:
        first = np.stack([np.frombuffer(own, np.uint8) for own in found[f"{basis}.first"].to_pylist()])
        assert (first.reshape(len(rows), 4, -1) == expected.first[basis].swapaxes(0, 1)).all()
        assert len(np.unique(first)) > 5
        for name, values in (("reach", expected.reach[basis]), ("fall", expected.fall[basis])):
            own = np.array(found[f"{basis}.{name}"].to_pylist(), dtype=np.float32)
            assert np.array_equal(own, values.reshape(len(rows), -1), equal_nan=True)


def test_who_lacks_something_has_no_level_to_fall_from():
    book = ArrayRules().book
    full = dict.fromkeys(book.ladders, 3), dict.fromkeys(book.items, 2)
    lacking = {**full[0], "cpk": None}, {**full[1], book.items[0]: None}
    states = [
        State({}, performance, {}, items)
        for performance, items in (full, (lacking[0], full[1]), (full[0], lacking[1]))
    ]
    found = standing(states)
    assert found["performance"].tolist() == [3, 0, 3]
    assert (found["grade"] > 0).tolist() == [True, False, False]
