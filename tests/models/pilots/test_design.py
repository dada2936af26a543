"""A whole design from records, and its judgement by later ones."""

import numpy as np
import pytest

from features.model_table import build_model_table
from features.periods import to_index
from features.simulator import World
from features.tables import FrameTables
from models.effects import fit_effects
from models.pilots.design import Asked, Designer
from models.pilots.layout import Switchback
from models.pilots.outcome import NotYetError, result_of
from models.pilots.telling import HARM, drawn

BEFORE, AFTER = 48, 72


@pytest.fixture(scope="module")
def world() -> World:
    return World(seed=5, enterprises=10, months=AFTER, sectors=["machining"])


@pytest.fixture(scope="module")
def records(world):
    return FrameTables(world.tables())


@pytest.fixture(scope="module")
def early(world, records):
    return build_model_table(records, as_of=world.period(BEFORE - 1))


@pytest.fixture(scope="module")
def designer(early) -> Designer:
    return Designer(early, fit_effects(early))


@pytest.fixture(scope="module")
def enterprise(early) -> str:
    whole = early.frame[(early.frame["product_id"] == "") & (early.frame["frequency"] == "month")]
    return str(whole["enterprise_id"].value_counts().idxmax())


@pytest.fixture(scope="module")
def design(designer, enterprise):
    return designer.design(enterprise, {"grinding_depth": "covers_zero", "feed_rate": ""})


def test_the_schedule_is_the_seeds_and_begins_after_the_records(world, design, enterprise) -> None:
    assert design.parameter_id in ("grinding_depth", "feed_rate")
    assert design.lines[0] == enterprise
    assert to_index(design.schedule[0].period) == to_index(world.period(BEFORE - 1)) + 1
    layout = Switchback(design.pairs, design.block, design.washout)
    _, treated, counted = drawn(layout, len(design.lines), design.seed)
    assert [p.arm for p in design.schedule] == ["B" if b else "A" for b in treated.ravel()]
    assert [p.counted for p in design.schedule] == list(np.tile(counted, len(design.lines)))
    own = {p.arm: p.value for p in design.schedule if p.enterprise_id == enterprise}
    assert own == pytest.approx({"A": design.from_, "B": design.to}, rel=1e-4)


def test_power_is_told_honestly(design) -> None:
    chances = [p.power for p in design.power_curve]
    assert chances == sorted(chances)
    assert design.reaches == (design.detectable <= design.plausible)
    assert design.rehearsal.size <= 0.09
    assert design.rehearsal.power == pytest.approx(0.8, abs=0.2)
    assert design.worth is None or design.worth.information >= -1e-6 * abs(design.worth.knowing)


def test_stopping_for_harm_is_rarely_a_false_alarm(design) -> None:
    """Three looks at a mean of pair differences that are only noise cross the boundaries in 5 % of pilots."""
    rng, pairs = np.random.default_rng(8), design.pairs
    looks = [h.periods // (2 * design.block) for h in design.stop]
    layout = Switchback(pairs, design.block, design.washout)
    # the boundary at the last look, in standard errors of the whole pilot, gives the error back
    error = np.log1p(design.stop[-1].change) / (HARM * np.sqrt(pairs / looks[-1]))
    d = rng.normal(0, error * np.sqrt(pairs), (40_000, layout.pairs))
    means = np.cumsum(d, axis=1)[:, np.array(looks) - 1] / np.array(looks)
    crossed = (means > np.log1p([h.change for h in design.stop])).any(axis=1)
    assert crossed.mean() == pytest.approx(0.05, abs=0.012)


def test_more_lines_hear_more_and_a_cap_is_kept(designer, enterprise) -> None:
    one, four = (
        designer.design(enterprise, {"grinding_depth": ""}, Asked(most_lines=n, most_periods=12, power=0.9))
        for n in (1, 4)
    )
    assert len(one.lines) == 1
    assert len(four.lines) <= 4
    assert one.periods <= 12


def test_one_way_steps_are_a_stepped_wedge(designer, enterprise) -> None:
    wedge = designer.design(enterprise, {"grinding_depth": ""}, Asked(one_way=True))
    assert wedge.kind == "stepped_wedge"
    for line in wedge.lines:
        arms = "".join(p.arm for p in wedge.schedule if p.enterprise_id == line)
        assert arms == "A" * arms.count("A") + "B" * arms.count("B")


def test_nothing_to_ask_is_said(designer, enterprise) -> None:
    assert designer.design(enterprise, {}).reason_code == "no_open_lever"
    assert designer.design("nobody", {"feed_rate": ""}).reason_code == "no_outcome"
    assert designer.design(enterprise, {"feed_rate": "too_costly"}).reason_code == "no_open_lever"


def test_a_pilot_is_judged_when_it_is_over_and_not_before(records, early, design) -> None:
    """Nobody moved anything in these months, so whatever is found is luck, and an interval is wide."""
    with pytest.raises(NotYetError, match="the records hold 0 of them"):
        result_of(early, design)
    found = result_of(build_model_table(records), design)
    assert found.low <= found.change <= found.high
    assert found.low < 0.25
    assert found.high > -0.25
    assert found.found == (found.p_value <= 0.05)
