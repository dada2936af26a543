"""What a plan is found on: the records, the effects fitted on everybody, and the enterprise's paths."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.settings import Settings
    from models.plans import Grounds


def grounds(
    settings: Settings, enterprise_id: str, as_of: str | None, progress: Callable[[int, int], None]
) -> Grounds:
    """Read the records up to `as_of`, fit the effects, and draw the paths; takes seconds to minutes.

    Raises UnknownEnterpriseError (`models.recommend`) and NoChampionError.
    """
    from features.model_table import build_model_table
    from features.store import Store
    from models.effects import fit_effects, readings_per_period
    from models.effects.roles import set_aside, suspected_outcomes
    from models.forecast import load_champion
    from models.plans import grounds_of
    from models.recommend import UnknownEnterpriseError, advise

    model = load_champion(settings)
    with Store.open(settings) as store:
        table = build_model_table(store, as_of)
        if enterprise_id not in set(table.frame["enterprise_id"]):
            raise UnknownEnterpriseError(f"no records of enterprise {enterprise_id!r}")
        trusted = set_aside(table, suspected_outcomes(table))
        effects = fit_effects(trusted, readings_per_period(store), progress=progress)
        rows = advise(trusted, effects, [enterprise_id], top=len(table.parameters) + 1)
        return grounds_of(store, model, table, effects, rows, [enterprise_id])
