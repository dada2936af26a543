"""First months in a scenario: what must not change does not, what is better is never later."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.portfolio.bases import BASES
from models.portfolio.firsts import NEVER
from models.scenarios.computing import Computing
from models.scenarios.programme import actions_of, takes_up
from tests.models.plans.plant import ITEMS
from tests.models.scenarios.hand import LEVERS, PATHS, ROWS, HandPlant, computing, wish
from tests.models.scenarios.test_downstream import chains

PROGRAMME = {"option": "all", "start": "2027-03"}
SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def firsts(made: Computing, basis: str = "performance") -> np.ndarray:
    """4 × P."""
    return made.touched("P").firsts[basis]  # type: ignore[index]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hand")


def test_an_empty_scenario_touches_nobody(folder) -> None:
    made = computing(folder, wish())
    assert made.scenario.empty
    assert made.names == ()
    found = made.result()
    assert {basis: own.shape for basis, own in found.firsts.items()} == dict.fromkeys(BASES, (4, 0, PATHS))


def test_only_forecast_members_are_touched(folder) -> None:
    assert computing(folder, wish(demand=2.0)).names == ("P",)
    assert computing(folder, wish(demand=2.0, region="42")).names == ()
    assert computing(folder, wish(demand=2.0, region="33", size="small")).names == ("P",)


def test_what_is_otherwise_only_after_the_paths_changes_no_first_month(folder) -> None:
    later = {"start": "2040-01", "demand": 3.0, "internal_price": 9.0, "external_price": 9.0}
    late = wish(
        **later,
        programme={"option": "all", "start": "2040-01"},
        items=[{"item": "qms", "level": 5, "since": "2040-01"}],
    )
    for basis in BASES:
        np.testing.assert_array_equal(
            firsts(computing(folder, late), basis), firsts(computing(folder, wish()), basis)
        )


@SLOW
@given(
    internal=st.floats(0.1, 1.0),
    external=st.floats(0.1, 1.0),
    more=st.floats(1.0, 10.0),
    month=st.integers(1, 12),
    seed=st.integers(0, 50),
)
def test_cheaper_failures_are_never_later(folder, internal, external, more, month, seed) -> None:
    near = {"internal_loss": 0.021, "external_loss": 0.019, "ppm": 5000.0}
    start = f"2027-{month:02d}"
    cheap = wish(start=start, internal_price=internal, external_price=external)
    dear = wish(start=start, internal_price=min(internal * more, 10), external_price=min(external * more, 10))
    for basis in BASES:
        better, worse = (firsts(computing(folder, own, seed, **near), basis) for own in (cheap, dear))
        assert (better <= worse).all()


def test_more_demand_brings_what_is_coming_sooner(folder) -> None:
    """Level 3 asks for 6200 ppm of a plant at 9000. Who gets there, demand does not change; when, it does.

    By hand: after h months of which the first is as ever, (12 − h) × 9000 + (1 + 3 (h − 1)) × p over
    (12 − h) + 1 + 3 (h − 1).
    """
    plain, more = firsts(computing(folder, wish()))[1], firsts(computing(folder, wish(demand=3.0)))[1]
    ppm = HandPlant(1, {}).start.sample.drawn["ppm"].paths(slice(0, 1))[0, :, 0]
    for path, rate in enumerate(ppm):
        now = [((12 - h) * 9000 + h * rate) / 12 < 6200 for h in range(1, 13)]
        grown = [(12 - h, 1 + 3 * (h - 1)) for h in range(1, 13)]
        then = [(old * 9000 + new * rate) / (old + new) < 6200 for old, new in grown]
        assert plain[path] == (now.index(True) + 1 if any(now) else NEVER)
        assert more[path] == (then.index(True) + 1 if any(then) else NEVER)
    assert (more < plain).any()


@SLOW
@given(levels=st.lists(st.integers(2, 5), min_size=9, max_size=9), seed=st.integers(0, 50))
def test_raised_management_is_never_later_and_leaves_performance_alone(folder, levels, seed) -> None:
    values = {"ppm": 4000.0}
    moved = [
        {"item": item, "level": level, "since": "2027-04"} for item, level in zip(ITEMS, levels, strict=True)
    ]
    plain, raised = (
        computing(folder, wish(), seed, **values),
        computing(folder, wish(items=moved), seed, **values),
    )
    assert (firsts(raised, "grade") <= firsts(plain, "grade")).all()
    np.testing.assert_array_equal(firsts(raised), firsts(plain))
    three = firsts(raised, "grade")[1]
    if min(levels) >= 3:
        lines = firsts(plain)[1]
        np.testing.assert_array_equal(three[lines >= 4], lines[lines >= 4])
        assert (three[lines < 4] >= 4).all(), "the lines were there first, and may have fallen back by April"
    else:
        assert (three == NEVER).all()


def test_a_larger_programme_and_more_who_take_part_are_never_later(folder) -> None:
    def found(**programme: object) -> np.ndarray:
        return firsts(computing(folder, wish(programme=PROGRAMME | programme)))

    none, best, two, every = (
        firsts(computing(folder, wish())),
        *(found(option=option) for option in ("best", "best_two", "all")),
    )
    for less, more in ((none, best), (best, two), (two, every)):
        assert (more <= less).all()
        assert (more < less).any()
    half, most = found(share=0.5), found(share=0.8)
    assert (every <= most).all()
    assert (most <= half).all()
    assert (half <= none).all()
    took = takes_up("P", 0.5, PATHS)
    np.testing.assert_array_equal(half, np.where(took, every, none))
    assert 0 < took.sum() < PATHS


def test_an_option_is_the_first_by_rank_and_says_what_it_costs(folder) -> None:
    levers = HandPlant(1, {}).levers
    names = {option: [a.parameter_id for a in actions_of(ROWS[::-1], levers, option)] for option in
             ("best", "best_two", "all")}  # fmt: skip
    assert names == {"best": ["oven"], "best_two": ["oven", "jig"], "all": list(LEVERS)}
    found = computing(folder, wish(programme=PROGRAMME)).result()
    assert (found.cost.tolist(), found.actions.tolist(), found.cost_known.tolist()) == (
        [1500.0],
        [3],
        [False],
    )
    assert actions_of([{"rank": None, "parameter_id": None}], levers, "all") == []


def test_a_tightened_supplier_improves_itself_and_who_buys_from_it(folder) -> None:
    links = chains()
    own = type(links)(links.period, links.carry, {}, [{"supplier_id": "S", "customer_id": "P", "share": 1.0}])
    plain = firsts(computing(folder, wish()))
    supplied = computing(folder, wish(tightened={"suppliers": ["S"], "factor": 0.2}), chains=own)
    assert supplied.names == ("P",)
    assert (firsts(supplied) <= plain).all()
    assert (firsts(supplied) < plain).any()
    itself = computing(folder, wish(tightened={"suppliers": ["P"], "factor": 0.5}), chains=own)
    assert itself.names == ("P",)
    assert (firsts(itself) < plain).any()
    worse = computing(folder, wish(tightened={"suppliers": ["P"], "factor": 2.0}), chains=own)
    assert (firsts(worse) >= plain).all()


def test_without_links_a_supplier_changes_itself_alone_and_the_result_says_so(folder) -> None:
    made = computing(folder, wish(tightened={"suppliers": ["P"], "factor": 0.5}))
    assert made.result().said == {"carried": "no_chains"}
    hidden = computing(
        folder, wish(tightened={"suppliers": ["S"], "factor": 0.5}), chains=chains(ftq="refuted")
    )
    assert (hidden.names, hidden.said) == ((), {"carried": "refuted"})
    assert computing(folder, wish(demand=2.0)).said == {"carried": None}
