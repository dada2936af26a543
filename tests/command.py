"""The command line run inside the test's own process: same entry, same streams, same exit code.

A process of its own costs one to three seconds of imports. Tests that ask what a command answers use this;
those that ask what a process does (imports, signals, ports, file locks) start one.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest

from serving.main import main


@dataclass(frozen=True)
class Answer:
    """What a run left: its exit code and its two streams, as bytes and as text."""

    returncode: int
    out: bytes
    err: bytes

    @property
    def stdout(self) -> str:
        return self.out.decode("utf-8")

    @property
    def stderr(self) -> str:
        return self.err.decode("utf-8")


def zhuoyue(*words: object, stdin: bytes = b"", **environment: object) -> Answer:
    """Run `zhuoyue words…` with these variables added to the environment."""
    streams = [io.TextIOWrapper(io.BytesIO(data), "utf-8", newline="\n") for data in (stdin, b"", b"")]
    with pytest.MonkeyPatch.context() as here:
        for name, value in environment.items():
            here.setenv(name, str(value))
        here.setattr("sys.argv", ["zhuoyue", *map(str, words)])
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            here.setattr(f"sys.{name}", stream)
        code = _run()
        written = [stream.flush() or stream.buffer.getvalue() for stream in streams[1:]]
    return Answer(code, *written)


def _run() -> int:
    try:
        main()
    except SystemExit as end:
        return int(end.code or 0)
    return 0
