"""`zhuoyue causes` over a real store, through the command line."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from features.settings import Settings
from features.store import Store
from features.tables import FrameTables
from models.causes.readings import read_episode
from serving.main import build_app
from tests.models.causes.plants import plant

START = pd.Timestamp("2026-03-01T08:00")


@pytest.fixture(scope="module")
def made():
    return plant(200, "freeze")


@pytest.fixture(scope="module")
def home(made, tmp_path_factory):
    home = tmp_path_factory.mktemp("causes")
    rows = np.vstack([made.good, made.episode])
    wide = pd.DataFrame(
        rows, columns=made.names, index=START + pd.to_timedelta(4 * np.arange(len(rows)), "min")
    )
    wide["quality"] = rows[:, :3].sum(axis=1)
    long = wide.rename_axis("observed_at").reset_index().melt("observed_at", var_name="parameter_id")
    rare = pd.DataFrame({"observed_at": wide.index[:3], "parameter_id": "rare", "value": 1.0})
    rows = pd.concat([long, rare]).assign(enterprise_id="E1")
    rows["observed_at"] = rows["observed_at"].dt.strftime("%Y-%m-%dT%H:%M:%S")
    folder = home / "records"
    folder.mkdir()
    rows.to_csv(folder / "process_data.csv", index=False)
    pd.DataFrame({"enterprise_id": ["E1"], "name": ["One"]}).to_csv(folder / "enterprises.csv", index=False)
    kinds = dict.fromkeys([*made.names, "rare"], "context") | {"quality": "outcome"}
    parameters = pd.DataFrame({"parameter_id": kinds.keys(), "kind": kinds.values()})
    parameters.assign(enterprise_id="E1", name=lambda d: "name of " + d["parameter_id"]).to_csv(
        folder / "parameters.csv", index=False
    )
    with Store.open(Settings(home=home, threads=1)) as store:
        store.import_paths([folder])
    return home


def run(home, *words):
    return CliRunner().invoke(
        build_app(), ["causes", *words], env={"ZHUOYUE_HOME": str(home), "COLUMNS": "200"}
    )


def began(made):
    return (START + pd.Timedelta(minutes=4 * len(made.good))).isoformat()


def test_the_valve_that_sticks_is_named_and_the_outcome_stands_apart(home, made):
    done = run(home, "--enterprise", "E1", "--from", began(made), "--format", "json")
    assert done.exit_code == 0, done.output
    rows = json.loads(done.stdout)
    assert rows[0]["parameter_id"] == "quality"
    assert rows[0]["rank"] is None
    first = rows[1]
    assert (first["rank"], first["parameter_id"], first["direction"]) == (1, made.cause, "still")
    assert first["name"] == f"name of {made.cause}"
    assert abs(pd.Timestamp(first["onset"]) - pd.Timestamp(began(made))) <= pd.Timedelta(minutes=20)
    assert first["seen"] is True
    assert "rare" not in {row["parameter_id"] for row in rows}


def test_both_languages_say_the_same_rows(home, made):
    done = run(
        home,
        "--enterprise",
        "E1",
        "--from",
        began(made),
        "--top",
        "3",
        "--language",
        "both",
        "--format",
        "table",
    )
    assert done.exit_code == 0, done.output
    assert "偏离自身规律" in done.output
    assert "Broke with its own past" in done.output
    assert "rare" in done.output  # left out, and said so
    assert done.output.count("证据，不是证明") == 1


def test_a_stretch_before_the_episode_is_quiet(home, made):
    quiet = (START + pd.Timedelta(minutes=4 * 420)).isoformat()
    until = (START + pd.Timedelta(minutes=4 * 490)).isoformat()
    done = run(home, "--enterprise", "E1", "--from", quiet, "--to", until, "--format", "json")
    assert not any(row["seen"] for row in json.loads(done.stdout))


def test_good_running_and_outcomes_can_be_named(home, made):
    stretch = f"{(START + pd.Timedelta(hours=2)).isoformat()}..{(START + pd.Timedelta(hours=30)).isoformat()}"
    words = ("--from", began(made), "--reference", stretch, "--outcome", made.cause, "--format", "json")
    rows = json.loads(run(home, "--enterprise", "E1", *words).stdout)
    assert {row["parameter_id"] for row in rows if row["rank"] is None} == {"quality", made.cause}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from", "yesterday"), "--from: found 'yesterday'"),
        (("--from", "2026-03-02", "--reference", "2026-03-01"), "allowed: A..B"),
        (("--from", "2026-03-01T08:30"), "--reference"),
        (("--from", "2027-01-01"), "wait"),
    ],
)
def test_what_cannot_be_answered_says_what_to_do(home, words, says):
    done = run(home, "--enterprise", "E1", *words)
    assert done.exit_code != 0
    assert says in done.output + str(done.exception)


def test_an_enterprise_without_readings_is_named(home):
    done = run(home, "--enterprise", "NOBODY", "--from", "2026-03-02")
    assert "NOBODY" in str(done.exception)


def test_parameters_that_are_read_at_their_own_seconds_share_moments(made):
    """Each parameter a few seconds apart, a closed weekend, and years before: the same rows side by side."""
    rows = np.vstack([made.good, made.episode])
    base = START + pd.to_timedelta(np.arange(len(rows)), "min")
    base = base + pd.to_timedelta(np.where(np.arange(len(rows)) >= 300, 48, 0), "h")
    frames = [
        pd.DataFrame(
            {"parameter_id": name, "observed_at": base + pd.Timedelta(seconds=j), "value": rows[:, j]}
        )
        for j, name in enumerate(made.names)
    ]
    tables = FrameTables({"process_data": pd.concat(frames).assign(enterprise_id="E1")})
    read = read_episode(tables, "E1", base[500].to_pydatetime())
    np.testing.assert_allclose(read.good[made.names].to_numpy(), made.good)
    np.testing.assert_allclose(read.episode[made.names].to_numpy(), made.episode)
    np.testing.assert_allclose(read.before[made.names].to_numpy(), made.good[-5:])
    later = read_episode(tables, "E1", base[500].to_pydatetime(), stop=base[600].to_pydatetime())
    assert len(later.episode) == 100
