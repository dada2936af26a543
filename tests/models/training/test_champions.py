"""The life of champions: trained, refused, forced, retired, rolled back; always one that is served."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from features import journal
from features.journal import CHANGES
from features.settings import Settings
from features.store.database import open_database
from models import versions
from models.forecast import load_champion
from models.learning.fit import Fitted
from models.training import TrainingReport, champion_errors, pointer, promote, train
from models.training import run as training_run
from models.training.promotion import GateRefusedError, NoReasonError

Trains = Callable[[str, float], TrainingReport]


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("champions"))


@pytest.fixture(scope="module")
def trains(home, trained, tables, table, quick) -> Iterator[Trains]:
    """Trainings that skip the learning: the same model under another name, its errors times a factor."""
    errors = champion_errors(trained.settings)
    model = load_champion(trained.settings)

    def run(name: str, factor: float) -> TrainingReport:
        own = replace(model, facts=model.facts | {"name": name})
        scaled = errors.assign(model=errors["model"] * factor, pinball=errors["pinball"] * factor)
        return Fitted(own, scaled, trained.report.backtest)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("models.training.artifacts.draw_summaries", lambda *_: None)

        def trained_as(name: str, factor: float) -> TrainingReport:
            patch.setattr(training_run, "fit", lambda *_: run(name, factor))
            return train(tables, home, effort=quick, table=table)

        yield trained_as


@pytest.fixture(scope="module")
def first(trains) -> TrainingReport:
    return trains("first", 1.0)


@pytest.fixture(scope="module")
def worse(trains, first) -> TrainingReport:
    return trains("worse", 1.5)


def _aliases(home: Settings) -> dict[str, str]:
    with versions.session(home) as mlflow:
        found = mlflow.MlflowClient().get_registered_model(versions.NAME).aliases
    return {alias: str(number) for alias, number in found.items()}


def _tags(home: Settings, number: str) -> dict[str, str]:
    return versions.find(number, home).tags


def test_a_worse_model_is_refused_with_every_reason_and_the_champion_stays(home, first, worse) -> None:
    assert first.promoted
    assert not worse.promoted
    assert load_champion(home).version == first.model_version
    assert _aliases(home) == {"champion": first.registry_version, "challenger": worse.registry_version}
    tags = _tags(home, worse.registry_version)
    assert tags["gate"] == "refused"
    assert "model against champion: mean absolute error is +50" in tags["refused_because"]
    assert "quantile loss" in tags["refused_because"]


def test_promoting_runs_the_gate_again(home, worse) -> None:
    with pytest.raises(GateRefusedError, match=r"the champion stays.*--force --reason"):
        promote(home, "challenger")


def test_force_needs_a_reason(home, worse) -> None:
    with pytest.raises(NoReasonError, match="--reason 'why'"):
        promote(home, "challenger", force=True)


def test_a_version_that_is_not_there_is_named_with_those_that_are(home, worse) -> None:
    with pytest.raises(versions.UnknownVersionError, match=r"found '17'.*1 \(.*champion\)"):
        promote(home, "17")


def test_forced_retired_and_rolled_back(home, first, worse) -> None:
    forced = promote(home, worse.model_version, "the line was rebuilt", force=True)
    assert forced.forced
    assert forced.retired == first.registry_version
    assert pointer(home)["registry_version"] == worse.registry_version
    assert _aliases(home) == {"champion": worse.registry_version, "retired": first.registry_version}
    tags = _tags(home, worse.registry_version)
    assert (tags["gate"], tags["promoted_because"]) == ("forced", "the line was rebuilt")
    assert _tags(home, first.registry_version)["retired"] == f"replaced by version {worse.registry_version}"

    back = promote(home, "retired")
    assert not back.forced
    assert load_champion(home).version == first.model_version
    assert _aliases(home) == {"champion": first.registry_version, "retired": worse.registry_version}
    assert "retired" not in _tags(home, first.registry_version)


def test_promoting_the_champion_changes_nothing(home, first, worse) -> None:
    before = pointer(home)
    assert promote(home, "champion").reasons == ("it is the champion already",)
    assert pointer(home) == before


def test_what_a_killed_process_left_is_cleared_away_and_the_champion_stands(home, trains, first) -> None:
    left = home.home / "champion" / ".new-half"
    left.mkdir()
    (left / "model.json").write_text("{")
    assert load_champion(home).version == first.model_version
    trains("worse", 1.5)
    assert not left.exists()
    assert load_champion(home).version == first.model_version


def test_the_champion_before_is_kept_and_older_ones_are_swept_away(home, trains, first) -> None:
    folder = home.home / "champion"
    (folder / "notes").mkdir()
    (folder / "notes" / "why.txt").write_text("somebody's own")
    second = trains("second", 1.0).model_version
    trains("second", 1.0)  # the same bytes again: what was before is still before
    assert _models(home) == {first.model_version, second}
    third = trains("third", 1.0).model_version
    assert _models(home) == {second, third}
    assert load_champion(home).version == third
    assert (folder / "notes" / "why.txt").exists()

    promote(home, first.registry_version, "roll back past the sweep", force=True)
    assert load_champion(home).version == first.model_version
    assert _models(home) == {third, first.model_version}


def _models(home: Settings) -> set[str]:
    return {file.parent.name for file in (home.home / "champion").glob("*/model.json")}


def test_the_journal_tells_of_every_promotion_and_refusal_and_of_the_served_one_last(
    home, first, worse
) -> None:
    engine = open_database(home)
    with engine.connect() as connection:
        told = connection.execute(
            sa.select(CHANGES.c.subject, CHANGES.c.action).where(CHANGES.c.field == "registry_version")
        ).all()
        assert journal.verify(connection).faults == ()
    engine.dispose()
    acts = [(subject, action) for subject, action in told]
    assert (f"model:{first.model_version}", "promote") in acts
    assert (f"model:{worse.model_version}", "refuse") in acts
    served = [subject for subject, action in acts if action in {"promote", "force"}][-1]
    assert served == f"model:{pointer(home)['version']}"
