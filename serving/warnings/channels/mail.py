"""Mail by SMTP: one message, plain text and HTML, with an id that stays the same when it is sent again."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final
from urllib.parse import unquote, urlsplit

from serving.warnings.channels.message import Message, UndeliveredError

TIMEOUT_SECONDS: Final = 20.0
ADDRESS: Final = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*"
)


class MailAddressError(ValueError):
    """Nothing that mail can be sent to."""


def checked(address: str, domains: str = "") -> str:
    """Return a mail address of an allowed domain (empty: any); raises MailAddressError."""
    found = address.strip()
    if len(found) > 254 or not ADDRESS.fullmatch(found):
        raise MailAddressError(f"address: found {found[:80]!r}; allowed is name@domain")
    allowed = [part.strip().lower() for part in domains.split(",") if part.strip()]
    if allowed and found.rpartition("@")[2].lower() not in allowed:
        raise MailAddressError(
            f"address: found {found[:80]!r}; allowed are addresses of {', '.join(allowed)}"
        )
    return found


def composed(message: Message, address: str, sender: str) -> EmailMessage:
    """Return the mail itself."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, address
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].strip('> ') or 'zhuoyue'}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    mail.set_content(message.text)
    mail.add_alternative(message.html, subtype="html")
    return mail


def send(message: Message, address: str, url: str, sender: str) -> None:
    """Hand a mail to the server of `url`; raises UndeliveredError."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    host, port = (
        parts.hostname or "localhost",
        parts.port or (465 if secure else 587 if parts.username else 25),
    )
    context = ssl.create_default_context()
    try:
        server = (
            smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=context)
            if secure
            else smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
        )
        with server:
            server.ehlo()
            if not secure and (server.has_extn("starttls") or parts.username):
                server.starttls(context=context)
                server.ehlo()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(composed(message, address, sender))
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise UndeliveredError(f"{address} was refused ({codes})", for_good=min(codes) >= 500) from error
    except (smtplib.SMTPException, OSError) as error:
        raise UndeliveredError(f"mail server {host}:{port}: {type(error).__name__}: {error}"[:300]) from error
