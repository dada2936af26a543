"""The demonstration: it keeps apart from other records, and its screen says what the outlook says."""

import io
import json
import shutil

import pytest
from rich.console import Console

from features.settings import Settings
from features.store import Store
from models.portfolio import Portfolio, progress
from models.portfolio.targets import plan_targets
from serving.demo import path
from serving.demo.screen import pick, show
from serving.demo.targets import SHARES
from serving.web.language import CODES, language
from serving.web.library import Library

PROVINCE = path.Province(seed=5, enterprises=8, months=36)


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    settings = Settings(home=tmp_path_factory.mktemp("demo"))
    path.claim(settings, PROVINCE)
    steps: list[str] = []

    def tell(what: str, _done: int, _total: int) -> None:
        steps.append(what)

    with Store.open(settings) as store:
        records = path.bring_records(settings, store, PROVINCE, tell)
        grades = path.grade_all(store)
        outlook = path.learn(settings, store, tell)
    assert {"importing records", "backtest and fit", "recommendations"} <= set(steps)
    return path.Outcome(PROVINCE, records, grades, outlook, Library(settings).parameters())


def test_every_plant_is_graded_and_the_records_are_counted(outcome):
    assert len(outcome.grades) == PROVINCE.enterprises
    assert outcome.records > 10_000


def test_the_planner_has_targets_of_the_province_to_look_at(outcome):
    portfolio = Portfolio.load(outcome.outlook.folder)
    targets = plan_targets(portfolio.plan_targets)
    assert len(targets) == len(SHARES)
    assert all(progress(portfolio, target, "performance").members for target in targets)


@pytest.mark.parametrize("code", CODES)
def test_the_screen_says_the_grade_the_forecast_and_the_advice_of_one_plant(outcome, code):
    screen, t = io.StringIO(), language(code)
    show(outcome, Console(file=screen, width=200, force_terminal=False), t)
    text, chosen = screen.getvalue(), pick(outcome)
    assert t("demo.one", plant=chosen["enterprise_id"]) in text
    assert chosen["level_name"] in text
    next_month = next(
        row
        for row in outcome.outlook.forecasts(chosen["enterprise_id"], "ftq")
        if row["horizon"] == 1 and row["product_id"] is None
    )
    assert t.target("ftq", next_month["mean"]) in text
    advice = outcome.outlook.recommendations(chosen["enterprise_id"])[0]
    named = outcome.parameters[chosen["enterprise_id"]]
    assert advice["rank"] is None or named[advice["parameter_id"]]["name"] in text


def test_a_second_run_of_the_same_province_may_use_the_same_home(outcome, tmp_path):
    path.claim(Settings(home=tmp_path), PROVINCE)
    path.claim(Settings(home=tmp_path), PROVINCE)
    assert json.loads((tmp_path / path.MARK).read_text("utf-8"))["seed"] == PROVINCE.seed


@pytest.mark.parametrize("owner", ["another province", "a plant's own records"])
def test_simulated_records_are_never_mixed_with_others(tmp_path, owner):
    if owner == "another province":
        path.claim(Settings(home=tmp_path), path.Province(seed=6, enterprises=8, months=36))
    else:
        (tmp_path / "records" / "enterprises").mkdir(parents=True)
    with pytest.raises(path.HomeInUseError, match="ZHUOYUE_HOME"):
        path.claim(Settings(home=tmp_path), PROVINCE)
    shutil.rmtree(tmp_path)
