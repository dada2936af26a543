"""How warnings leave the house: `ZHUOYUE_SMTP_URL`, `ZHUOYUE_MQTT_URL`, …; unset: page and webhook only."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from base64 import b64encode
from contextlib import suppress
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

KEY_FILE = "warnings.key"


class WarningSettings(BaseSettings):
    """Where messages go out and what they may reach.

    Attributes:
        smtp_url: `smtp://user:password@host:587` (STARTTLS where the server offers it, required with a
            password) or `smtps://host:465`; None: no mail.
        mail_from: who the mails come from.
        mail_domains: domains that mails may go to, comma separated; empty: any.
        mqtt_url: `mqtt://user:password@host:1883` or `mqtts://host:8883`; None: no MQTT.
        mqtt_topic: what topics begin with; the enterprise's id follows.
        webhook_allow: hosts and networks inside the house that webhooks may reach, comma separated, such as
            `hooks.plant.local,10.1.0.0/16`; all others must be public and spoken to by https.
        public_url: address of these pages, for links in messages.
        warning_false_alarm: chance a month that an enterprise in which nothing changes is warned of a chart.
        warning_stale_months: months without records after which an enterprise counts as silent.
        warning_digest_hour: hour (UTC) at which daily and weekly messages leave; 0 is 8 o'clock in China.
    """

    model_config = SettingsConfigDict(env_prefix="ZHUOYUE_", env_ignore_empty=True, extra="ignore")

    smtp_url: SecretStr | None = None
    mail_from: str = "zhuoyue@localhost"
    mail_domains: str = ""
    mqtt_url: SecretStr | None = None
    mqtt_topic: str = Field(default="zhuoyue/warnings", pattern=r"^[^#+\s]+$")
    webhook_allow: str = ""
    public_url: str = ""
    warning_false_alarm: float = Field(default=0.01, gt=0, le=0.2)
    warning_stale_months: int = Field(default=2, ge=1, le=24)
    warning_digest_hour: int = Field(default=0, ge=0, le=23)


def signing_secret(home: Path, subscription: int) -> str:
    """Return the secret that signs a subscription's webhooks, in the form of Standard Webhooks (`whsec_…`).

    It is derived from a key that lies in `home` and not in the database, so a copy of the database signs
    nothing.
    """
    digest = hmac.new(_key(home), f"webhook:{subscription}".encode(), hashlib.sha256).digest()
    return f"whsec_{b64encode(digest).decode()}"


def _key(home: Path) -> bytes:
    file = home / KEY_FILE
    if not file.exists():
        draft = home / f".{KEY_FILE}-{secrets.token_hex(4)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(secrets.token_bytes(32))
        with suppress(FileExistsError):  # another process was first: its key counts
            os.link(draft, file)
        draft.unlink()
    return file.read_bytes()
