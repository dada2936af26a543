"""What stops a back-up or a restore; each says what to do."""

from __future__ import annotations


class BackupError(Exception):
    """A back-up cannot be written, read or trusted."""

    exit_code = 1


class RestoreRefusedError(Exception):
    """There is something already where the back-up was to go; nothing was touched."""

    exit_code = 2
