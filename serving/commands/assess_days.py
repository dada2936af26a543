"""Days and months as people give them to `zhuoyue assess`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from features.self_assessment.refusals import AssessmentRefused


def day(text: str | None) -> date:
    """Return a day, by default today (UTC); raises AssessmentRefused."""
    if text is None:
        return datetime.now(UTC).date()
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise AssessmentRefused(f"on: found {text!r:.40}; allowed: a day, YYYY-MM-DD") from None


def last_month() -> str:
    """Return the month before the present one (UTC)."""
    return f"{datetime.now(UTC).date().replace(day=1) - timedelta(days=1):%Y-%m}"
