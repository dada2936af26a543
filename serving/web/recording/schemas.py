"""How the API describes record tables and takes their rows; loaded with the application, so nothing heavy."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field

from features.records.columns import Column, Table, Type
from features.records.schema import TABLES

JSON_TYPES = {Type.COUNT: "integer", Type.NUMBER: "number", Type.FLAG: "boolean"}


class ColumnInfo(BaseModel):
    """One column of a record table."""

    name: str = Field(examples=["submitted"])
    zh: str = Field(description="the other name under which it is taken", examples=["交验数"])
    type: str = Field(examples=["count"])
    required: bool
    key: bool = Field(description="part of what makes a row one record")
    allowed: str = Field(examples=["a whole number of at least 1"])


class TableInfo(BaseModel):
    """One record table."""

    name: str = Field(examples=["inspections"])
    zh: str = Field(examples=["检验"])
    columns: list[ColumnInfo]


def tables() -> list[TableInfo]:
    """Return all tables, parents before children."""
    return [
        TableInfo(name=table.name, zh=table.zh, columns=[_info(table, item) for item in table.columns])
        for table in TABLES.values()
    ]


def _info(table: Table, column: Column) -> ColumnInfo:
    return ColumnInfo(
        name=column.name,
        zh=column.zh,
        type=column.type,
        required=column.required,
        key=column.name in table.key,
        allowed=column.allowed,
    )


def rows_schema() -> dict[str, Any]:
    """Return the JSON schema of the rows of a call."""
    return {
        "type": "object",
        "required": ["tables"],
        "additionalProperties": False,
        "properties": {
            "tables": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    name: {"type": "array", "items": _row_schema(table)} for name, table in TABLES.items()
                },
            }
        },
        "example": {
            "tables": {
                "enterprises": [{"enterprise_id": "E0001", "name": "甲厂"}],
                "products": [{"enterprise_id": "E0001", "product_id": "P1"}],
                "output_values": [{"enterprise_id": "E0001", "period": "2026-03", "amount": "1250000.00"}],
                "deliveries": [
                    {
                        "enterprise_id": "E0001",
                        "product_id": "P1",
                        "period": "2026-03",
                        "units": 9800,
                        "nonconforming": 3,
                    }
                ],
            }
        },
    }


def _row_schema(table: Table) -> dict[str, Any]:
    return {
        "type": "object",
        "required": [column.name for column in table.columns if column.required],
        "properties": {column.name: _cell_schema(column) for column in table.columns},
    }


def _cell_schema(column: Column) -> dict[str, Any]:
    """Numbers may come as text too, exactly as a CSV file would hold them; money had better."""
    types = ["string", *([JSON_TYPES[column.type]] if column.type in JSON_TYPES else [])]
    if column.type is Type.MONEY:
        types.append("number")
    if not column.required:
        types.append("null")
    found: dict[str, Any] = {"type": types, "description": f"{column.zh}: {column.allowed}"}
    if column.values:
        found["enum"] = [*column.values, *([] if column.required else [None])]
    return found
