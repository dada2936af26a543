"""Versions of the registered model: found, fetched, crowned and retired, through the registry's session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.registry import CHALLENGER, NAME, session

if TYPE_CHECKING:
    from types import ModuleType

    from features.settings import Settings

CHAMPION, RETIRED = "champion", "retired"


class UnknownVersionError(LookupError):
    """A version that the registry does not have."""


@dataclass(frozen=True)
class Registered:
    """A version of the registered model."""

    number: str
    run_id: str
    tags: dict[str, str]
    aliases: tuple[str, ...]
    made_at: str = ""


def find(wanted: str, settings: Settings) -> Registered:
    """A version by its number, an alias, or the model's own name; raises `UnknownVersionError`."""
    with session(settings) as mlflow:
        versions = _versions(mlflow)
        for one in versions:
            if wanted in (one.number, *one.aliases):
                return one
        named = [one for one in versions if one.tags.get("model_version") == wanted]
        if named:
            return named[0]
    known = ", ".join(_described(one) for one in versions[:10]) or "none: `zhuoyue train` registers one"
    raise UnknownVersionError(
        f"--version: found {wanted!r}; allowed: a number, an alias or a model's name of {NAME}: {known}"
    )


def listed(settings: Settings) -> list[Registered]:
    """All versions, newest first."""
    with session(settings) as mlflow:
        return _versions(mlflow)


def artifact(registered: Registered, name: str, settings: Settings, folder: Path) -> Path:
    """Download one file of the run that made a version into `folder`."""
    with session(settings) as mlflow:
        found = mlflow.artifacts.download_artifacts(
            run_id=registered.run_id, artifact_path=name, dst_path=str(folder)
        )
    return Path(found)


def experiment_of(registered: Registered, settings: Settings) -> str:
    """The number of the experiment that a version's run belongs to."""
    with session(settings) as mlflow:
        return str(mlflow.get_run(registered.run_id).info.experiment_id)


def _versions(mlflow: ModuleType) -> list[Registered]:
    """All versions, newest first."""
    client = mlflow.MlflowClient()
    found = client.search_model_versions(f"name='{NAME}'", max_results=1000)
    if not found:
        return []
    aliases = client.get_registered_model(NAME).aliases
    ordered = sorted(found, key=lambda one: -int(one.version))
    return [
        Registered(
            str(v.version),
            v.run_id,
            dict(v.tags),
            tuple(sorted(a for a, n in aliases.items() if str(n) == str(v.version))),
            datetime.fromtimestamp(v.creation_timestamp / 1000, UTC).isoformat(timespec="seconds"),
        )
        for v in ordered
    ]


def _described(one: Registered) -> str:
    more = [one.tags.get("model_version", ""), *one.aliases]
    return f"{one.number} ({', '.join(word for word in more if word)})"


def fetch(registered: Registered, settings: Settings, folder: Path) -> tuple[Path, Path]:
    """Download a version into `folder`: its bundle, and its backtest by origin."""
    with session(settings) as mlflow:
        download = mlflow.artifacts.download_artifacts
        model = download(f"models:/{NAME}/{registered.number}", dst_path=str(folder))
        errors = download(
            run_id=registered.run_id, artifact_path="backtest_by_origin.parquet", dst_path=str(folder)
        )
    (bundle,) = Path(model).glob("artifacts/bundle*")
    return bundle, Path(errors)


def crown(number: str, tags: dict[str, str], settings: Settings) -> str | None:
    """Make a version the champion; the one before gets alias and tag `retired`. Returns that one's number."""
    with session(settings) as mlflow:
        client = mlflow.MlflowClient()
        aliases = {a: str(n) for a, n in client.get_registered_model(NAME).aliases.items()}
        before = aliases.get(CHAMPION)
        client.set_registered_model_alias(NAME, CHAMPION, number)
        for alias in (CHALLENGER, RETIRED):
            if aliases.get(alias) == number:
                client.delete_registered_model_alias(NAME, alias)
        if "retired" in client.get_model_version(NAME, number).tags:
            client.delete_model_version_tag(NAME, number, "retired")
        _tag(client, number, tags)
        if before in (None, number):
            return None
        client.set_registered_model_alias(NAME, RETIRED, before)
        _tag(client, before, {"retired": f"replaced by version {number}"})
        return before


def note(number: str, tags: dict[str, str], settings: Settings) -> None:
    """Write tags beside a version and on the run that made it."""
    with session(settings) as mlflow:
        _tag(mlflow.MlflowClient(), number, tags)


def _tag(client: Any, number: str, tags: dict[str, str]) -> None:  # noqa: ANN401
    run_id = client.get_model_version(NAME, number).run_id
    for name, value in tags.items():
        client.set_model_version_tag(NAME, number, name, value[:4900])
        client.set_tag(run_id, name, value[:4900])
