"""What a process of ours is started with: settings by the environment, never by the command line."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import SecretStr

if TYPE_CHECKING:
    from features.settings import Settings

POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")
"""How libraries are told how many threads they may have."""


def environment_of(settings: Settings) -> dict[str, str]:
    """Return this process's environment with what was set in `settings`, and threads bounded."""
    prefix = str(settings.model_config.get("env_prefix", ""))
    said = {f"{prefix}{name}".upper(): _text(getattr(settings, name)) for name in settings.model_fields_set}
    said[f"{prefix}HOME".upper()] = str(Path(settings.home).absolute())
    return os.environ | dict.fromkeys(POOLS, str(settings.threads)) | said


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value) if isinstance(value, str | int | float | Path) else json.dumps(value, default=str)
