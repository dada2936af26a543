"""Reads an edition's YAML files strictly: no key twice, none unknown, none missing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from qm_rules.faults import PackError
from qm_rules.json_types import Json

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class StrictLoader(_Loader):  # type: ignore[misc]  # the C loader where PyYAML was built with it
    """PyYAML's safe loader that refuses a key given twice (PyYAML itself keeps the last, silently)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; raises ConstructorError if a key stands in it twice."""
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for position, key in enumerate(keys):
            if key in keys[:position]:
                mark = node.value[position][0].start_mark
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} twice", mark)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


def read_yaml(file: Path) -> Json:
    """Return what the YAML file holds; raises PackError with file and place if it cannot be read."""
    try:
        return yaml.load(file.read_bytes(), Loader=StrictLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise PackError(f"{file.name}: found {error}; allowed: YAML with each key once") from error


def only_keys(
    mapping: object,
    where: str,
    required: frozenset[str] | set[str],
    optional: frozenset[str] | set[str] = frozenset(),
) -> Mapping[str, Any]:
    """Return the mapping if it has all required keys and none but those and the optional ones."""
    allowed = ", ".join(sorted(required | optional))
    if not isinstance(mapping, dict):
        raise PackError(f"{where}: found {type(mapping).__name__}; allowed: a mapping of {allowed}")
    for key in mapping:
        if key not in required | optional:
            raise PackError(f"{where}: found the key {key!r}; allowed: {allowed}")
    for key in sorted(required):
        if key not in mapping:
            raise PackError(f"{where}: found no key {key!r}; needed: {', '.join(sorted(required))}")
    return mapping
