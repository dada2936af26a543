"""The demonstration: it keeps apart from other records, and its screen says what the outlook says."""

import io
import json
import shutil

import pytest
from rich.console import Console

from features.settings import Settings
from features.store import Store
from serving.demo import path
from serving.demo.screen import amount, pick, show

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
        promoted, reasons, outlook = path.learn(settings, store, tell)
    assert {"importing records", "backtest and fit", "recommendations"} <= set(steps)
    return path.Outcome(PROVINCE, records, grades, outlook, promoted, reasons)


def test_every_plant_is_graded_and_the_records_are_counted(outcome):
    assert len(outcome.grades) == PROVINCE.enterprises
    assert outcome.records > 10_000


def test_the_screen_says_the_grade_the_forecast_and_the_advice_of_one_plant(outcome):
    screen = io.StringIO()
    show(outcome, Console(file=screen, width=200, force_terminal=False))
    text, chosen = screen.getvalue(), pick(outcome)
    assert f"One plant: {chosen['enterprise_id']}" in text
    assert str(chosen["level_name"]) in text
    next_month = next(
        row
        for row in outcome.outlook.forecasts(chosen["enterprise_id"], "ftq")
        if row["horizon"] == 1 and row["product_id"] is None
    )
    assert amount("ftq", next_month["mean"]) in text
    advice = outcome.outlook.recommendations(chosen["enterprise_id"])[0]
    assert (advice["parameter_id"] or advice["reason"][:40]) in text
    assert "it is not advice" in text


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


@pytest.mark.parametrize(
    ("target", "value", "text"),
    [("ftq", 0.9471, "94.71%"), ("ppm", 12345.6, "12,346 ppm"), ("cpk", 1.333, "1.33")],
)
def test_amounts_are_written_as_people_write_them(target, value, text):
    assert amount(target, value) == text
