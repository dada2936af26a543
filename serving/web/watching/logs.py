"""Logs: one JSON object a line on standard error, tracebacks as text without the values of variables."""

from __future__ import annotations

import sys

import structlog


def configure() -> None:
    """Set structlog up, unless whoever embeds the application already did."""
    if structlog.is_configured():
        return
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=lambda *_: structlog.WriteLogger(sys.stderr),
    )
