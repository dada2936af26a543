"""What the enterprise page says of pilots and of suspected roles. A pilot is designed by the command only.

It is drawn once and kept as the plan to judge by, so no retraining and no request may draw it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serving.web.language import Language
from serving.web.reading import Reading
from serving.web.views.pilot import pilot_view
from serving.web.views.suspects import suspect_lines

if TYPE_CHECKING:
    from features.settings import Settings


def pilot_context(t: Language, library: Reading, settings: Settings, enterprise_id: str) -> dict[str, Any]:
    """Return the parts `pilot` (the design on record, or how to get one) and `suspects` (sentences)."""
    from models.pilots.kept import kept

    design = kept(settings, enterprise_id)
    advice = library.outlook("recommendations", enterprise_id)
    parameters = library.parameters().get(enterprise_id, {})
    row = None if design is None else design.model_dump()
    return {
        "pilot": pilot_view(t, row, enterprise_id, advice, parameters),
        "suspects": suspect_lines(t, advice, parameters),
    }
