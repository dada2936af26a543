"""Signing in through a company's identity provider: OpenID Connect, authorization code with PKCE.

State, nonce and the PKCE verifier are derived from one random value that only the browser keeps, in a cookie;
so an answer counts only in the browser that asked, and nothing has to be stored here. What the provider says
about a person is believed after its signature, issuer, audience, nonce and times are checked.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Mapping
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from serving.access.tokens import same

if TYPE_CHECKING:
    import httpx

    from serving.access.settings import AccessSettings

ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures with a key that only the provider has; `none` and shared secrets are not among them."""
TIMEOUT_SECONDS, KEPT_SECONDS, LEEWAY_SECONDS = 10.0, 3600.0, 60
LARGEST_ANSWER: Final = 1024 * 1024
NEEDED: Final = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class CompanyError(Exception):
    """The provider gave no answer that can be relied on; the log says what was wrong."""


class Identity(NamedTuple):
    """Whom the provider knows: `subject` for good, `email` only if the provider has verified it."""

    issuer: str
    subject: str
    email: str | None


class Company:
    """One identity provider; what it says about itself is kept for an hour."""

    def __init__(self, settings: AccessSettings) -> None:
        """Nothing is asked yet."""
        self._settings = settings
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, Mapping[str, Any]]] = {}

    def address(self, tied: str, back: str) -> str:
        """Return where the browser goes; `tied` is what its cookie holds, `back` where the answer comes."""
        from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": back,
            "scope": "openid email profile",
            "state": derived(tied, "state"),
            "nonce": derived(tied, "nonce"),
            "code_challenge": create_s256_code_challenge(derived(tied, "verifier")),
            "code_challenge_method": "S256",
        }
        where = self._about()["authorization_endpoint"]
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    def identity(self, tied: str, code: str, back: str) -> Identity:
        """Return who came back with `code`; raises CompanyError."""
        about = self._about()
        answer = self._token(about, code, derived(tied, "verifier"), back)
        claims = self._claims(about, answer, derived(tied, "nonce"))
        if "email" not in claims and "userinfo_endpoint" in about and answer.get("access_token"):
            claims = {**claims, **self._userinfo(about["userinfo_endpoint"], answer, str(claims["sub"]))}
        email = claims.get("email") if claims.get("email_verified") is True else None
        return Identity(about["issuer"], str(claims["sub"])[:255], str(email) if email else None)

    def _about(self) -> Mapping[str, Any]:
        issuer = self._settings.oidc_issuer.rstrip("/")
        about = self._read(f"{issuer}/.well-known/openid-configuration")
        if any(not isinstance(about.get(name), str) for name in NEEDED):
            raise CompanyError(f"the discovery document lacks one of {', '.join(NEEDED)}")
        if about["issuer"].rstrip("/") != issuer:
            raise CompanyError(f"the discovery document is of another issuer, {about['issuer'][:200]}")
        return about

    def _token(self, about: Mapping[str, Any], code: str, verifier: str, back: str) -> Mapping[str, Any]:
        """Exchange the code; the secret goes into the header unless the provider wants it as a field."""
        client, secret = self._settings.oidc_client_id, self._settings.oidc_client_secret
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        ways = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        if secret is None:
            return self._ask("POST", about["token_endpoint"], data={**fields, "client_id": client})
        plain = secret.get_secret_value()
        if "client_secret_basic" not in ways and "client_secret_post" in ways:
            fields |= {"client_id": client, "client_secret": plain}
            return self._ask("POST", about["token_endpoint"], data=fields)
        basic = (quote(client, safe=""), quote(plain, safe=""))
        return self._ask("POST", about["token_endpoint"], data=fields, auth=basic)

    def _claims(self, about: Mapping[str, Any], answer: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """Return the ID token's claims after every check of OpenID Connect Core 3.1.3.7."""
        from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
        from joserfc.errors import JoseError

        client = self._settings.oidc_client_id
        try:
            token = self._decoded(about, str(answer.get("id_token", "")))
            options = {
                "iss": {"essential": True, "value": about["issuer"]},
                "aud": {"essential": True, "value": client},
            }
            told = {"nonce": nonce, "client_id": client, "access_token": answer.get("access_token")}
            claims = CodeIDToken(token.claims, token.header, options, told)
            claims.validate(leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, TypeError) as wrong:
            raise CompanyError(f"the ID token does not hold: {type(wrong).__name__}: {wrong}") from wrong
        if not claims.get("sub") or not same(str(claims.get("nonce", "")), nonce):
            raise CompanyError("the ID token names nobody, or is not the answer to this question")
        return dict(claims)

    def _decoded(self, about: Mapping[str, Any], token: str) -> Any:  # noqa: ANN401 - joserfc's Token
        from joserfc import jwt
        from joserfc.errors import BadSignatureError, InvalidKeyIdError
        from joserfc.jwk import KeySet

        for fresh in (False, True):  # a provider that changed its keys an hour ago is asked once more
            keys = KeySet.import_key_set(dict(self._read(about["jwks_uri"], fresh=fresh)))  # type: ignore[arg-type]
            try:
                return jwt.decode(token, keys, algorithms=list(ALGORITHMS))
            except (BadSignatureError, InvalidKeyIdError):
                if fresh:
                    raise
        raise AssertionError

    def _userinfo(self, where: str, answer: Mapping[str, Any], subject: str) -> Mapping[str, Any]:
        told = self._ask("GET", where, headers={"authorization": f"Bearer {answer['access_token']}"})
        if told.get("sub") != subject:
            raise CompanyError("the userinfo is about somebody else")
        return told

    def _read(self, where: str, *, fresh: bool = False) -> Mapping[str, Any]:
        with self._lock:
            until, kept = self._kept.get(where, (0.0, {}))
        if not fresh and until > monotonic():
            return kept
        found = self._ask("GET", where)
        with self._lock:
            self._kept[where] = (monotonic() + KEPT_SECONDS, found)
        return found

    def _ask(self, method: str, where: str, **what: Any) -> Mapping[str, Any]:  # noqa: ANN401 - httpx's own
        import httpx

        try:
            with httpx.Client(timeout=TIMEOUT_SECONDS) as client, client.stream(method, where, **what) as got:
                found = _json(got)
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as wrong:
            raise CompanyError(f"{where[:200]}: {type(wrong).__name__}") from wrong
        if got.status_code != 200:
            raise CompanyError(f"{where[:200]} answers {got.status_code} {str(found.get('error'))[:80]}")
        return found


def derived(tied: str, what: str) -> str:
    """Return state, nonce or verifier of the browser whose cookie holds `tied`: 64 hexadecimal digits."""
    return hmac.new(tied.encode("utf-8", "replace"), what.encode(), hashlib.sha256).hexdigest()


def _json(answer: httpx.Response) -> dict[str, Any]:
    import json

    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > LARGEST_ANSWER:
            raise ValueError("too large")
    found = json.loads(body)
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
