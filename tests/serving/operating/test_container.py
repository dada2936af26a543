"""The container and compose files against what they name: no engine builds them in the tests."""

import importlib
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml
from pydantic_settings import BaseSettings
from typer.testing import CliRunner

from features.settings import Settings
from serving.access.settings import AccessSettings
from serving.main import build_app
from serving.warnings.settings import WarningSettings

ROOT = Path(__file__).parents[3]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
DOCKERFILE = [
    line
    for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]
SETTINGS: tuple[type[BaseSettings], ...] = (Settings, AccessSettings, WarningSettings)
KNOWN = {f"ZHUOYUE_{name.upper()}" for kind in SETTINGS for name in kind.model_fields}
OWN = ("service", "worker")


def lines(word):
    return [line.partition(" ")[2] for line in DOCKERFILE if line.startswith(f"{word} ")]


def accepted(words):
    """Say whether the command line takes these words, without running the command."""
    answer = CliRunner().invoke(build_app(), [*words, "--help"])
    return answer.exit_code == 0


@pytest.mark.parametrize("name", OWN)
def test_every_setting_of_the_services_exists_and_is_taken(name):
    given = COMPOSE["services"][name]["environment"]
    assert {key for key in given if key.startswith("ZHUOYUE_")} <= KNOWN
    filled = {key: re.sub(r"\$\{\w+:?[-?]?([^}]*)\}", r"\1", value) for key, value in given.items()}
    with pytest.MonkeyPatch.context() as patch:
        for key, value in filled.items():
            patch.setenv(key, value)
        for kind in SETTINGS:
            kind()
        assert Settings().database_url.get_secret_value().startswith("postgresql+psycopg://zhuoyue:")
    assert given["MLFLOW_TRACKING_URI"] == "http://mlflow:5000"


def test_variables_that_compose_takes_from_outside_are_documented():
    text = (ROOT / "compose.yaml").read_text("utf-8")
    told = (ROOT / "docs" / "operating.md").read_text("utf-8")
    for name in set(re.findall(r"\$\{(\w+)", text)):
        assert f"`{name}`" in told
    missing = [name for name in sorted(KNOWN) if f"`{name}`" not in told]
    assert not missing


def test_commands_exist_with_their_options():
    for name in OWN:
        words = COMPOSE["services"][name]["command"]
        assert accepted(words), words
    (command,) = lines("CMD")
    assert accepted(yaml.safe_load(command))
    (entry,) = lines("ENTRYPOINT")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert yaml.safe_load(entry) == list(project["scripts"])


def test_services_volumes_and_configs_that_are_named_are_there():
    for name, service in COMPOSE["services"].items():
        assert set(service.get("depends_on", {})) <= set(COMPOSE["services"]), name
        for needed, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert "test" in COMPOSE["services"][needed]["healthcheck"]
        assert {one.partition(":")[0] for one in service.get("volumes", [])} <= set(COMPOSE["volumes"])
        assert {one["source"] for one in service.get("configs", [])} <= set(COMPOSE["configs"])
    grace = int(COMPOSE["services"]["service"]["stop_grace_period"].removesuffix("s"))
    worker = importlib.import_module("serving.web.running.worker")
    assert grace > worker.GRACE_SECONDS + 10  # the supervisor waits some seconds longer than its workers
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["services"]["service"]["ports"])
    assert "ports" not in COMPOSE["services"]["database"]
    assert "ports" not in COMPOSE["services"]["mlflow"]


@pytest.mark.filterwarnings("ignore")
def test_the_mlflow_server_takes_its_options():
    from click.testing import CliRunner as Click
    from mlflow.cli import server

    told = Click().invoke(server, ["--help"]).output
    words = COMPOSE["services"]["mlflow"]["command"]
    assert words[0] == "server"
    assert all(word.partition("=")[0] in told for word in words[1:])


def test_what_the_image_copies_is_there_and_let_through():
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    allowed = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    copied = {word for line in lines("COPY") if not line.startswith("--from") for word in line.split()[:-1]}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) <= copied


def test_the_image_is_made_from_the_lock_and_runs_as_nobody_special():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    version = re.search(r"^UV_VERSION := (\S+)$", makefile, re.MULTILINE)[1]
    runs = lines("RUN")
    assert any(f"uv=={version}" in run for run in runs)
    syncs = [run for run in runs if run.startswith("uv sync")]
    assert len(syncs) == 2
    assert all({"--frozen", "--no-dev", "postgres"} <= set(shlex.split(run)) for run in syncs)
    (user,) = lines("USER")
    assert user not in {"root", "0"}
    assert DOCKERFILE.index(f"USER {user}") < next(
        number for number, line in enumerate(DOCKERFILE) if line.startswith("ENTRYPOINT")
    )
    assert COMPOSE["services"]["service"]["image"] == COMPOSE["services"]["mlflow"]["image"]
