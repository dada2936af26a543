"""The form of a scenario, as a browser sends it, read into a wish."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, Field

from models.scenarios.wish import Scenario
from qm_rules import load_pack

GROUP = ("region", "industry", "size", "chain", "list")
PERCENT = ("demand", "internal_price", "external_price")
EVERY_ITEM = "*"
HALVED = "-50"
"""What tightening means where nobody says how far."""
Text = Annotated[str, Field(max_length=200)]


class ScenarioForm(BaseModel):
    """The fields as they are written; changes in per cent: 20 is a fifth more, -20 a fifth less."""

    name: Text = ""
    start: Text = ""
    region: Text = ""
    industry: Text = ""
    size: Text = ""
    chain: Text = ""
    list: Text = ""
    demand: Text = ""
    internal_price: Text = ""
    external_price: Text = ""
    option: Text = ""
    programme_start: Text = ""
    share: Text = ""
    suppliers: str = Field(default="", max_length=50_000)
    tightened: Text = ""
    item: tuple[Text, ...] = ()
    item_level: tuple[Text, ...] = ()
    item_since: tuple[Text, ...] = ()
    instead: Text = Field(default="", description="id of the scenario that this one replaces")
    version: int = Field(default=0, ge=0, lt=10**9)


def wish_of(form: ScenarioForm) -> Scenario:
    """Return the wish; ValueError (pydantic's is one) where a number is none or a rule is broken."""
    wish: dict[str, Any] = {name: getattr(form, name).strip() for name in ("name", "start", *GROUP)}
    wish |= {name: _factor(getattr(form, name)) for name in PERCENT}
    wish |= {"programme": _programme(form), "tightened": _tightened(form), "items": _items(form)}
    return Scenario.model_validate(wish)


def _factor(text: str) -> float:
    return round(1.0 + float(text) / 100.0, 6) if text.strip() else 1.0


def _programme(form: ScenarioForm) -> dict[str, Any] | None:
    if not form.option:
        return None
    share = float(form.share or 100.0) / 100.0
    return {"option": form.option, "start": form.programme_start or form.start, "share": share}


def _tightened(form: ScenarioForm) -> dict[str, Any] | None:
    suppliers = [name for name in re.split(r"[\s,;，；、]+", form.suppliers) if name]
    return {"suppliers": suppliers, "factor": _factor(form.tightened or HALVED)} if suppliers else None


def _items(form: ScenarioForm) -> list[dict[str, Any]]:
    columns = zip(form.item, form.item_level, form.item_since, strict=True)
    return [
        {"item": item, "level": int(level), "since": since or form.start}
        for chosen, level, since in columns
        for item in (load_pack().items if chosen == EVERY_ITEM else (chosen,) if chosen else ())
    ]
