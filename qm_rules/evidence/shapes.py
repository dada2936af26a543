"""Shapes of JSON values: each says what it allows and lists every fault of a value, never only the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from qm_rules.faults import Fault, printable, shown
from qm_rules.json_types import Json, JsonObject

ROOT = "$"
_MAX_KEY = 60


class Shape(Protocol):
    """What a value at some path may be."""

    @property
    def allowed(self) -> str:
        """What is allowed, for the message."""

    def faults(self, value: Json, path: str) -> list[Fault]:
        """Return everything that is wrong with the value."""


class Repeated(dict[str, Json]):
    """A JSON object in which keys stand more than once; `repeated` names them."""

    repeated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value that a test accepts."""

    allowed: str
    accepts: Callable[[Json], bool]

    def faults(self, value: Json, path: str) -> list[Fault]:
        """Return one fault unless the value is accepted."""
        return [] if self.accepts(value) else [Fault(path, shown(value), self.allowed)]


def no_more(_value: Json, _path: str) -> list[Fault]:
    """Return no fault: nothing beyond the shapes of the parts is asked for."""
    return []


@dataclass(frozen=True, slots=True)
class Record:
    """An object with these fields and no others; `also` checks what involves several of them."""

    fields: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    also: Callable[[JsonObject, str], list[Fault]] = no_more

    @property
    def allowed(self) -> str:
        """What is allowed, for the message."""
        return "an object"

    def faults(self, value: Json, path: str) -> list[Fault]:
        """Return the faults of the keys, of each field, and between fields."""
        if not isinstance(value, dict):
            return [Fault(path, shown(value), self.allowed)]
        found = self._key_faults(value, path)
        for key, shape in self.fields.items():
            if key in value:
                found += shape.faults(value[key], join(path, key))
            elif key in self.required:
                found.append(Fault(join(path, key), "nothing", shape.allowed))
        return found + self.also(value, path)

    def _key_faults(self, value: JsonObject, path: str) -> list[Fault]:
        found = [Fault(join(path, key), "the key more than once", "once") for key in repeated_keys(value)]
        allowed = f"the keys {', '.join(self.fields)}"
        return found + [
            Fault(join(path, str(key)), "an unknown key", allowed) for key in value if key not in self.fields
        ]


@dataclass(frozen=True, slots=True)
class Rows:
    """An array of one shape; `also` checks what involves several rows."""

    of: Shape
    also: Callable[[list[Json], str], list[Fault]] = no_more

    @property
    def allowed(self) -> str:
        """What is allowed, for the message."""
        return "an array"

    def faults(self, value: Json, path: str) -> list[Fault]:
        """Return the faults of every row and between rows."""
        if not isinstance(value, list):
            return [Fault(path, shown(value), self.allowed)]
        found = [fault for i, row in enumerate(value) for fault in self.of.faults(row, f"{path}[{i}]")]
        return found + self.also(value, path)


def repeated_keys(value: JsonObject) -> tuple[str, ...]:
    """Return the keys that stand more than once in the JSON object."""
    return value.repeated if isinstance(value, Repeated) else ()


def join(path: str, key: str) -> str:
    """Return the path of a key below a path."""
    name = printable(key if len(key) <= _MAX_KEY else f"{key[:_MAX_KEY]}…")
    return name if path == ROOT else f"{path}.{name}"
