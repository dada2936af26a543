"""The help pages: questions by role, figures in words, official terms with their clause, tables by schema."""

from __future__ import annotations

from typing import Any

from features.records.columns import Column, Table
from features.records.schema import TABLES
from qm_rules import load_pack
from serving.access import Person, Role
from serving.web.language import Language
from serving.web.navigation import entries
from serving.web.scales import INDICATORS, LEVELS
from serving.web.views.fault_words import column_allows, column_name, table_name
from serving.web.views.indicators import threshold_text
from serving.web.views.words import item_name

QUESTIONS = {
    Role.ENGINEER: (
        ("stand", "/"),
        ("bring", "/import"),
        ("gap", "/"),
        ("causes", "/"),
        ("try", "/"),
        ("act", "/actions"),
        ("warned", "/warnings"),
    ),
    Role.PLANNER: (("who", "/board"), ("region", "/board"), ("targets", "/board"), ("chain", "/chains")),
    Role.SCIENTIST: (("champion", "/models"), ("retrain", "/models"), ("rows", "/docs")),
    Role.ASSESSOR: (("review", "/assessments"), ("proof", "/journal")),
    Role.ADMIN: (("people", "/administration"), ("work", "/jobs"), ("proof", "/journal")),
}
"""What each role asks, and where the answer stands; `help.ask.<role>.<name>` is the message."""
PAGES = (
    "overview",
    "enterprise",
    "charts",
    "whatif",
    "actions",
    "plan",
    "board",
    "chains",
    "assessments",
    "import",
    "warnings",
    "models",
    "jobs",
    "journal",
    "administration",
)
FIGURES = (
    "grade",
    "provisional",
    "binding",
    "gap",
    "forecast",
    "interval",
    "chance",
    "driver",
    "effect",
    "benefit",
    "confidence",
    "limits",
    "rules",
    "cpk_interval",
    "rty",
    "warning",
    "percentile",
    "few",
    "fingerprint",
)
TERMS = ("excellence", "standard", "loss", "output_value", "special_cause", "first_pass", "self", "third")


def help_view(t: Language, person: Person) -> dict[str, Any]:
    """Return the help page; the reader's own roles come first."""
    roles = sorted(QUESTIONS, key=lambda role: role not in person.roles)
    doors = {entry.url for entry in entries(person)}
    return {
        "roles": [_role(t, role, role in person.roles, doors) for role in roles],
        "pages": _pairs(t, "page", PAGES),
        "figures": _pairs(t, "figure", FIGURES),
        "indicators": [_indicator(t, name) for name in INDICATORS],
        "levels": [{"level": level, "words": t(f"help.level.{level}")} for level in LEVELS],
        "items": _dimensions(t),
        "terms": _pairs(t, "term", TERMS),
        "document": load_pack().document,
        "title": load_pack().title,
    }


def tables_view(t: Language) -> dict[str, Any]:
    """Return every record table, parents first."""
    return {"tables": [_table(t, table) for table in TABLES.values()]}


def _role(t: Language, role: Role, mine: bool, doors: set[str]) -> dict[str, Any]:
    """Return a role's questions; those whose page the reader may open lead there."""
    asked = [
        {"text": t(f"help.ask.{role}.{name}"), "url": url if url in doors else ""}
        for name, url in QUESTIONS[role]
    ]
    return {"name": t(f"help.role.{role}"), "mine": mine, "asked": asked}


def _pairs(t: Language, kind: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    return [
        {"id": f"{kind}-{name}", "name": t(f"help.{kind}.{name}"), "text": t(f"help.{kind}.{name}.text")}
        for name in names
    ]


def _indicator(t: Language, name: str) -> dict[str, Any]:
    rule = load_pack().indicators[name]
    return {
        "name": item_name(t, name),
        "text": t(f"help.indicator.{name}"),
        "quote": rule.quote,
        "clause": rule.clause,
        "cells": [{"level": level, "text": threshold_text(t, name, level)} for level in LEVELS],
    }


def _dimensions(t: Language) -> list[dict[str, Any]]:
    """Return the dimensions that hold management items, with their items."""
    pack = load_pack()
    return [
        {
            "name": t.either(f"dimension.{dimension.id}", dimension.name),
            "items": [item_name(t, member) for member in dimension.members],
        }
        for dimension in pack.dimensions.values()
        if dimension.id != "performance"
    ]


def _table(t: Language, table: Table) -> dict[str, Any]:
    return {
        "id": table.name,
        "name": table_name(t, table.name),
        "other": table.name if t.code == "zh" else table.zh,
        "text": t(f"help.table.{table.name}"),
        "columns": [_column(t, table, column) for column in table.columns],
    }


def _column(t: Language, table: Table, column: Column) -> dict[str, Any]:
    if column.name in table.key:
        need = "key" if column.required else "key_blank"
    else:
        need = "required" if column.required else "optional"
    return {
        "name": column_name(t, table.name, column.name),
        "other": column.name if t.code == "zh" else column.zh,
        "need": t(f"help.need.{need}"),
        "allowed": column_allows(t, column),
        "strong": column.required,
    }
