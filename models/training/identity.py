"""Which data, which model: names made from the bytes themselves, whatever the order of import.

The same records make the same table only up to the last bit: a database adds doubles in the order in which
files and threads come. Training therefore sees every number rounded to 24 significant bits (6e-8 of its
size, far below what any record knows), and names are made from these.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.model_table import ModelTable
from models.forecast.bundle import save
from models.learning.fit import Fitted
from models.learning.rolling import Settings as Effort


def settled(table: ModelTable) -> ModelTable:
    """The table with every real number rounded to single precision, still stored in doubles."""
    reals = table.frame.select_dtypes("float64").columns
    with np.errstate(over="ignore"):
        rounded = table.frame[reals].astype(np.float32).astype(np.float64)
    return replace(table, frame=table.frame.assign(**{str(c): rounded[c] for c in reals}))


def fingerprint(table: ModelTable) -> str:
    """SHA-256 over column names and values of a settled table: what training learns from, all of it."""
    digest = sha256()
    for name in table.frame:
        values = table.frame[name]
        digest.update(f"{name}\0".encode())
        if pd.api.types.is_numeric_dtype(values):
            numbers = values.to_numpy(np.float64, na_value=np.nan)
            digest.update(np.where(np.isnan(numbers), np.nan, numbers + 0.0).tobytes())
        else:
            digest.update("\0".join(map(str, values)).encode())
    return digest.hexdigest()


def facts(table: ModelTable, effort: Effort) -> dict[str, Any]:
    """What a model card says of the data and the effort; part of the model, hence of its version."""
    frame = table.frame
    return {
        "data_fingerprint": fingerprint(table),
        "enterprises": int(frame["enterprise_id"].nunique()),
        "rows": len(frame),
        "periods": {str(f): [str(p.min()), str(p.max())] for f, p in frame.groupby("frequency")["period"]},
        "seed": effort.seed,
        "refits": effort.refits,
        "package": f"zhuoyue {version('zhuoyue')}, lightgbm {version('lightgbm')}",
        "features": list(table.features),
    }


def content_version(fitted: Fitted) -> str:
    """A name made from the model's own bytes: the same data and seed give the same name."""
    with tempfile.TemporaryDirectory() as scratch:
        save(replace(fitted.model, version=""), Path(scratch))
        digest = sha256()
        for file in sorted(Path(scratch).iterdir()):
            if file.suffix != ".parquet":  # residual ranks follow from the rest, their writer's mark does not
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:12]
