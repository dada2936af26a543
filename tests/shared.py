"""What takes seconds to make is made once per run, by whichever of its processes asks first.

Made in a folder beside the processes' own ones and under a lock; never written to afterwards. Who writes
takes a `copy_of` it. One run only: what an older source made is never met.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from features.store.lock import locked


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder that `make` filled under this name; read it, do not write."""
    own = factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "shared"
    with locked(shared / f"{name}.lock"):
        if not (shared / name).exists():
            draft = Path(tempfile.mkdtemp(dir=shared, prefix=f"{name}-"))
            make(draft)
            draft.rename(shared / name)
    return shared / name


def copy_of(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A copy of it that is the caller's own."""
    made = made_once(factory, name, make)
    return Path(shutil.copytree(made, factory.mktemp(name), dirs_exist_ok=True))
