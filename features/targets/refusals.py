"""What the register of targets refuses: as that of any document."""

from __future__ import annotations

from features.documents.refusals import (
    NotYourDocumentError as NotYourTargetError,
)
from features.documents.refusals import (
    StaleDocumentError as StaleTargetError,
)
from features.documents.refusals import (
    TooManyDocumentsError as TooManyTargetsError,
)
from features.documents.refusals import (
    UnknownDocumentError as UnknownTargetError,
)

__all__ = ["NotYourTargetError", "StaleTargetError", "TooManyTargetsError", "UnknownTargetError"]
