"""The same records, the same bytes: whatever the order of import; another record, another fingerprint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features.model_table import ModelTable, build_model_table
from features.settings import Settings
from features.simulator.world import World
from features.simulator.writing import write_tables
from features.store import Store
from models.forecast.bundle import save
from models.learning.fit import Fitted, fit
from models.learning.rolling import Settings as Effort
from models.training.identity import content_version, facts, fingerprint, settled

EFFORT = Effort(refits=1)


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """Records of six plants: as one folder `all`, and by plants as two, `odd` and `even`."""
    folder = tmp_path_factory.mktemp("data")
    write_tables(World(11, enterprises=6, months=26), folder / "all", "parquet")
    for file in (folder / "all").iterdir():
        rows = pd.read_parquet(file)
        if "enterprise_id" not in rows:
            continue
        odd = rows["enterprise_id"].isin(["E0001", "E0003", "E0005"])
        for name, part in (("odd", rows[odd]), ("even", rows[~odd])):
            (folder / name).mkdir(exist_ok=True)
            part.to_parquet(folder / name / file.name, index=False)
    return folder


def _table(home: Path, *folders: Path) -> ModelTable:
    with Store.open(Settings(home=home)) as store:
        for folder in folders:
            store.import_paths([folder])
        return build_model_table(store)


@pytest.fixture(scope="module")
def table(data) -> ModelTable:
    return _table(data / "a", data / "even", data / "odd")


def _learned(table: ModelTable) -> Fitted:
    rounded = settled(table)
    months = (rounded.frame["frequency"] == "month") & (rounded.frame["product_id"] == "")
    few = replace(rounded, frame=rounded.frame[months].reset_index(drop=True))
    fitted = fit(few, EFFORT, facts(few, EFFORT))
    return replace(fitted, model=replace(fitted.model, version=content_version(fitted)))


def _files(fitted: Fitted, folder: Path) -> dict[str, bytes]:
    save(fitted.model, folder)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_another_order_of_import_gives_the_same_version_and_the_same_bytes(data, table, tmp_path) -> None:
    other = _table(data / "b", data / "odd", data / "even")
    assert fingerprint(settled(other)) == fingerprint(settled(table))
    one, two = _learned(table), _learned(other)
    assert one.model.version == two.model.version
    assert _files(one, tmp_path / "one") == _files(two, tmp_path / "two")


def test_another_record_gives_another_fingerprint(data, table, tmp_path) -> None:
    folder = tmp_path / "corrected"
    folder.mkdir()
    for file in (data / "all").iterdir():
        rows = pd.read_parquet(file)
        if file.stem == "inspections":
            own = rows.index[rows["enterprise_id"] == "E0002"]
            rows = rows.drop(own[len(own) // 2])
        if file.stem != "defects":  # each names a submission, and one of these is taken away
            rows.to_parquet(folder / file.name, index=False)
    corrected = _table(tmp_path / "home", folder)
    assert fingerprint(settled(corrected)) != fingerprint(settled(table))


def test_a_row_or_a_column_name_more_is_another_fingerprint(table) -> None:
    rounded = settled(table)
    fewer = replace(rounded, frame=rounded.frame.iloc[:-1])
    renamed = replace(rounded, frame=rounded.frame.rename(columns={"ftq.last": "ftq.latest"}))
    assert len({fingerprint(t) for t in (rounded, fewer, renamed)}) == 3


def test_the_last_bit_of_a_sum_leaves_no_trace(table) -> None:
    noise = np.random.default_rng(1).choice([-1.0, 0.0, 1.0], len(table.frame)) * 2.0**-52
    frame = table.frame.assign(cpk=table.frame["cpk"] * (1.0 + noise))
    assert fingerprint(settled(replace(table, frame=frame))) == fingerprint(settled(table))


def test_rounding_moves_nothing_that_a_record_knows(table) -> None:
    rounded = settled(table).frame
    reals = rounded.select_dtypes("float64").columns
    np.testing.assert_allclose(rounded[reals], table.frame[reals], rtol=6e-8)
