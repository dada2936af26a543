"""Empty tables to fill in, made once per language."""

from __future__ import annotations

import io
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from features.records.template import WORKBOOK, write_template

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@cache
def template(kind: str, language: str) -> bytes:
    """Return the workbook (`xlsx`) or the CSV files (`zip`) with headers in `language`."""
    with tempfile.TemporaryDirectory() as name:
        paths = write_template(Path(name) / "template", language)
        if kind == "xlsx":
            return next(path for path in paths if path.name == WORKBOOK).read_bytes()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
            for path in paths:
                if path.name != WORKBOOK:
                    package.write(path, path.name)
        return packed.getvalue()
