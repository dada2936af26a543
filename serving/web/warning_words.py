"""A message for a channel: the words of its warnings in the reader's language, their facts for programs."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from serving.web.language import Language, language
from serving.web.warning.words import said

if TYPE_CHECKING:
    from serving.warnings.channels.message import Message
    from serving.warnings.outbox import Entry
    from serving.warnings.subscriptions import Subscription


def composed(
    message_id: str, subscription: Subscription, entries: tuple[Entry, ...], public_url: str
) -> Message:
    """Return the message that tells a subscription of these entries; links only where the pages' address is
    known.
    """
    from serving.warnings.channels.message import Message

    t = language(subscription.language)
    lines = [_line(t, entry, subscription.chance, public_url.rstrip("/")) for entry in entries]
    first = lines[0]["title"]
    subject = t("warn.mail.one", title=first) if len(lines) == 1 else t("warn.mail.many", count=len(lines))
    warnings = tuple(
        {"what": entry.what, "title": line["title"], "detail": line["detail"], "warning": entry.content}
        for entry, line in zip(entries, lines, strict=True)
    )
    page = f"{public_url.rstrip('/')}/warnings" if public_url else ""
    return Message(
        message_id, subject, _text(t, lines, page), _html(t, lines, page, subject), t.tag, warnings
    )


def _line(t: Language, entry: Entry, chance: float, base: str) -> dict[str, str]:
    content = entry.content
    if entry.what == "test":
        return {"head": "", "title": t("warn.test.title"), "detail": t("warn.test.detail"), "url": ""}
    words = said(t, content["kind"], content["enterprise_id"], content["facts"], chance)
    who = content["enterprise_id"] or t("warn.everybody")
    head = f"{t(f'warn.what.{entry.what}')} · {who} · {t.period(content['period'])}"
    return {
        "head": head,
        "title": words.title,
        "detail": words.detail,
        "url": f"{base}{words.url}" if base else "",
    }


def _text(t: Language, lines: list[dict[str, str]], page: str) -> str:
    parts = [
        "\n".join(filter(None, (line["head"], line["title"], line["detail"], line["url"]))) for line in lines
    ]
    return (
        "\n\n".join([*parts, *([t("warn.mail.page", url=page)] if page else []), t("warn.mail.why")]) + "\n"
    )


def _html(t: Language, lines: list[dict[str, str]], page: str, subject: str) -> str:
    blocks = "".join(_block(line) for line in lines)
    link = f'<p><a href="{escape(page)}">{escape(page)}</a></p>' if page else ""
    return (
        f'<!doctype html><html lang="{t.tag}"><head><meta charset="utf-8"><title>{escape(subject)}</title>'
        "</head>"
        f"<body>{blocks}{link}<p><small>{escape(t('warn.mail.why'))}</small></p></body></html>"
    )


def _block(line: dict[str, Any]) -> str:
    title = escape(line["title"])
    linked = f'<a href="{escape(line["url"])}">{title}</a>' if line["url"] else title
    head = f"<small>{escape(line['head'])}</small><br>" if line["head"] else ""
    return f"<p>{head}<strong>{linked}</strong><br>{escape(line['detail'])}</p>"
