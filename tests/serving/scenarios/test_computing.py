"""A real province: the job computes a scenario, and what is left as it is comes out to the last bit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from features.store.database import open_database
from models.outlook import Outlook
from models.portfolio import Portfolio
from models.portfolio.bases import BASES
from models.scenarios.comparing import with_result
from models.scenarios.keeping import kept
from models.scenarios.wish import Scenario
from serving.acts import scenarios
from serving.acts.scenarios import computing_of
from serving.jobs import KINDS, enqueue, leasing
from serving.jobs.task import JobRefused, Task
from serving.scenarios import KeptScenario, every, register
from tests.serving import province


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return province.with_model(tmp_path_factory)


@pytest.fixture(scope="module")
def engine(home):
    engine = open_database(home, pooled=True)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def outlook(home):
    return Outlook.load(home)


@pytest.fixture(scope="module")
def portfolio(outlook):
    return Portfolio.load(outlook.folder)


def wish(**otherwise):
    return {"name": "情景", "start": "2000-01"} | otherwise


def computed(outlook, **otherwise):
    """The result of a scenario that nobody keeps."""
    found = Scenario.model_validate(wish(**otherwise))
    return computing_of(KeptScenario("id", 1, "li", found, "1", None), outlook).result()


def done(home, engine, scenario_id):
    enqueue(engine, "scenario", {"scenario": scenario_id}, "li", scenario_id)
    job = leasing.take(engine, "test")
    task = Task(job, home, engine)
    try:
        return scenarios.compute(task, KINDS["scenario"].arguments.model_validate({"scenario": scenario_id}))
    finally:
        leasing.end(engine, job, "done", {})


def test_what_is_otherwise_after_the_forecasts_is_the_portfolio_itself(outlook, portfolio):
    found = computed(outlook, start="2090-01", demand=2.0, internal_price=5.0)
    assert len(found.enterprise_ids) == int(portfolio.forecast.sum()) == 8
    rows = [portfolio.place[name] for name in found.enterprise_ids]
    for basis in BASES:
        np.testing.assert_array_equal(found.firsts[basis], portfolio.firsts(basis)[:, rows])
    for basis in BASES:
        changed = with_result(portfolio, found, basis)
        for level in (2, 3, 4, 5):
            np.testing.assert_array_equal(changed.reach(basis, level, 12), portfolio.reach(basis, level, 12))


def test_the_job_keeps_what_it_computed_and_does_not_do_it_twice(home, engine, outlook, monkeypatch):
    kept_one = register(engine).add(wish(external_price=3.0), "li")
    found = done(home, engine, kept_one.id)
    assert found == {"scenario": kept_one.id, "version": 1, "outlook_id": outlook.folder.name}
    result = kept(home, kept_one.id, "1", outlook.folder.name)
    assert len(result.enterprise_ids) == 8
    monkeypatch.setattr(scenarios, "computing_of", lambda *_: None)
    assert done(home, engine, kept_one.id) == found
    monkeypatch.undo()
    register(engine).change(kept_one.id, 1, wish(external_price=0.3), "li")
    assert done(home, engine, kept_one.id)["version"] == 2
    assert kept(home, kept_one.id, "1", outlook.folder.name) is None, "cleared away"
    cheaper = kept(home, kept_one.id, "2", outlook.folder.name)
    shares = [(own.firsts["performance"] <= 12).mean() for own in (result, cheaper)]
    assert shares[0] <= shares[1]


def test_after_a_publication_what_was_computed_is_computed_again(home, engine, outlook, monkeypatch):
    ever, never = (register(engine).add(wish(name=name, demand=1.1), "li") for name in ("算过", "没算过"))
    done(home, engine, ever.id)
    enqueue(engine, "warn", {}, "zhao")
    task = Task(leasing.take(engine, "test"), home, engine)
    mine = [own for own in every(engine) if own.id in (ever.id, never.id)]
    monkeypatch.setattr("serving.scenarios.every", lambda _engine: mine)
    assert scenarios.again(task) == []
    later = home.home / "outlook" / "later"
    monkeypatch.setattr(Outlook, "load", lambda _settings: replace(outlook, folder=later))
    (job,) = scenarios.again(task)
    waiting = leasing.take(engine, "test")
    assert (waiting.id, waiting.arguments, waiting.who) == (job, {"scenario": ever.id}, "zhao")
    for taken in (waiting, task.job):
        leasing.end(engine, taken, "done", {})


def test_a_scenario_that_is_gone_is_refused_in_words(home, engine):
    with pytest.raises(JobRefused, match="no scenario"):
        done(home, engine, "0" * 32)


def test_a_programme_is_the_recommendations_and_costs_what_they_say(outlook, portfolio):
    rows = [row for row in outlook.recommendations() if row["rank"] is not None]
    assert rows
    found = computed(outlook, programme={"option": "all", "start": "2000-01"})
    for name, cost, actions in zip(found.enterprise_ids, found.cost, found.actions, strict=True):
        own = [row for row in rows if row["enterprise_id"] == name]
        assert actions == len(own)
        assert cost == pytest.approx(sum(row["cost"] or 0.0 for row in own))
    rows = np.array([portfolio.place[name] for name in found.enterprise_ids])
    plain, helped = portfolio.firsts("performance")[:, rows], found.actions > 0
    assert (found.firsts["performance"][:, helped] < plain[:, helped]).any()
    np.testing.assert_array_equal(found.firsts["performance"][:, ~helped], plain[:, ~helped])


def test_management_moves_the_grade_and_not_the_lines(outlook, portfolio):
    items = [
        {"item": item, "level": 5, "since": "2000-01"}
        for item in portfolio.order
        if f"value.{item}" not in portfolio.columns
    ]
    found = computed(outlook, items=items)
    rows = [portfolio.place[name] for name in found.enterprise_ids]
    np.testing.assert_array_equal(found.firsts["performance"], portfolio.firsts("performance")[:, rows])
    assert (found.firsts["grade"] <= portfolio.firsts("grade")[:, rows]).all()
    assert (found.firsts["grade"] <= found.firsts["performance"]).all()
