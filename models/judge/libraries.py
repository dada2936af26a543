"""The optional libraries of the causal peers: loaded when asked for, quiet about what is not ours to mend."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

HOW = "`pip install zhuoyue[causal]`, or `make setup-dev` in a checkout"


class CausalMissingError(ImportError):
    """The extra `causal` is not installed."""

    exit_code = 2


def missing(name: str) -> bool:
    """Whether a library cannot be found, without loading it."""
    return bool(name) and find_spec(name) is None


def library(name: str) -> ModuleType:
    """Import a module of the extra; raises `CausalMissingError` saying how to get it."""
    try:
        with hushed():
            return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise CausalMissingError(f"{package} is not installed ({error}): {HOW}") from error


@contextmanager
def hushed() -> Iterator[None]:
    """Silence the warnings of calls into the libraries; nothing of ours runs inside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
