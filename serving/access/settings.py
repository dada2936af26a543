"""How people reach the service and sign in, from the environment: `ZHUOYUE_PUBLIC_URL`, `ZHUOYUE_OIDC_…`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK_ISSUERS = ("http://127.0.0.1", "http://localhost", "http://[::1]")


class AccessSettings(BaseSettings):
    """What an installation says about its surroundings; nothing of it is needed on one machine.

    Attributes:
        public_url: the address that browsers use, such as `https://quality.example.org`, where something
            stands in front of the service. Cookies are Secure where it begins with https.
        trusted_proxies: addresses, comma-separated, whose X-Forwarded-For and -Proto are believed.
        reads_per_minute, writes_per_minute: what one person or key may ask of one process; 0 is no limit.
        tls_certificate, tls_key: PEM files, where the service itself speaks https.
        oidc_issuer: the company's identity provider; its discovery document is below this address.
        oidc_client_id, oidc_client_secret: as registered there, with `<public_url>/sign-in/company/back`.
        oidc_name: what the button calls it.
    """

    model_config = SettingsConfigDict(env_prefix="ZHUOYUE_", env_ignore_empty=True, extra="ignore")

    public_url: str = Field(default="", pattern=r"^(https?://[^/\s]+)?/?$")
    trusted_proxies: str = ""
    reads_per_minute: int = Field(default=60_000, ge=0)
    writes_per_minute: int = Field(default=600, ge=0)
    tls_certificate: Path | None = None
    tls_key: Path | None = None
    oidc_issuer: str = Field(default="", pattern=r"^(https?://\S+)?$")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr | None = None
    oidc_name: str = Field(default="", max_length=60)

    @property
    def secure(self) -> bool:
        """Say whether browsers come by https, whatever the last step to us is."""
        return self.public_url.startswith("https://") or self.tls_certificate is not None

    @property
    def company(self) -> bool:
        """Say whether people may sign in through an identity provider; never over plain HTTP to elsewhere."""
        safe = self.oidc_issuer.startswith(("https://", *LOOPBACK_ISSUERS))
        return bool(safe and self.oidc_client_id)

    @property
    def public_host(self) -> str:
        """The host (and port) of `public_url`, empty without one."""
        return self.public_url.rstrip("/").partition("://")[2]
