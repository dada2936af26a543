"""What a register of documents refuses; every kind of document has the same reasons."""

from __future__ import annotations


class UnknownDocumentError(LookupError):
    """Nothing of that id is kept."""


class StaleDocumentError(Exception):
    """Somebody has changed it since it was read."""


class TooManyDocumentsError(Exception):
    """So many are kept that no more are taken."""


class NotYourDocumentError(Exception):
    """Only who made it, or an administrator, changes it."""
