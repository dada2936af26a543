"""The optional libraries of the peers: loaded when asked for, quiet about what is not ours to mend."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


class PeersMissingError(ImportError):
    """The extra `peers` is not installed."""

    exit_code = 2


def library(name: str) -> ModuleType:
    """Import a module of the extra; raises `PeersMissingError` saying how to get it."""
    try:
        with hushed():
            return import_module(name)
    except ImportError as error:
        raise PeersMissingError(
            f"--peers: {name.partition('.')[0]} is not installed ({error}); `pip install zhuoyue[peers]`, or "
            "`make setup-dev` in a checkout, or name peers that need nothing: --peers naive,snaive,ewma3"
        ) from error


@contextmanager
def hushed() -> Iterator[None]:
    """Silence the warnings of calls into the peers' libraries; nothing of ours runs inside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
