"""Webhooks as Standard Webhooks has them, signed over id, time and body; only to addresses safe to call.

The host's name is resolved once, every address it has is checked, and the connection goes to the very address
that was checked, so that a name which changes its mind in between reaches nothing inside. Redirects are not
followed and no proxy of the environment is used.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
import socket
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

import httpx

from serving.warnings.channels.message import Message, UndeliveredError

TIMEOUT_SECONDS: Final = 10.0
LARGEST_ANSWER: Final = 64 * 1024
FOR_GOOD: Final = frozenset({410})
"""Statuses after which nothing is tried again: the receiver is gone. All other faults may be mended."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class UnsafeAddressError(ValueError):
    """An address that webhooks may not go to."""


class Allowed(NamedTuple):
    """Hosts and networks inside the house that may be called, also without TLS."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def of(cls, text: str) -> Allowed:
        """Read `hooks.plant.local,10.1.0.0/16`."""
        hosts, networks = set(), []
        for part in filter(None, (word.strip() for word in text.split(","))):
            try:
                networks.append(ipaddress.ip_network(part, strict=False))
            except ValueError:
                hosts.add(part.lower().rstrip("."))
        return cls(frozenset(hosts), tuple(networks))

    def inside(self, host: str, address: Address) -> bool:
        """Say whether a host or its address is named."""
        return host in self.hosts or any(address in network for network in self.networks)


def resolve(host: str, port: int) -> list[str]:
    """Return every address of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def checked(url: str) -> SplitResult:
    """Return the parts of an address that could be called; raises UnsafeAddressError."""
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise UnsafeAddressError("webhook: found letters that an address cannot have; allowed is ASCII")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeAddressError(f"webhook: found {url[:80]!r}; {error}") from None
    if parts.scheme not in ("https", "http") or not parts.hostname or port == 0:
        raise UnsafeAddressError(f"webhook: found {url[:80]!r}; allowed is https://host/path")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise UnsafeAddressError("webhook: found a name, password or fragment; allowed is none in an address")
    return parts


def safe_address(url: str, allowed: Allowed, resolved: Resolve = resolve) -> tuple[SplitResult, Address]:
    """Return the one address to connect to; raises UnsafeAddressError, OSError."""
    parts = checked(url)
    host = (parts.hostname or "").rstrip(".")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    addresses = [_plain(ipaddress.ip_address(one.partition("%")[0])) for one in resolved(host, port)]
    if not addresses:
        raise UnsafeAddressError(f"webhook: {host} has no address")
    inside = [allowed.inside(host, one) for one in addresses]
    if not all(inside) and not all(_public(one) or mine for one, mine in zip(addresses, inside, strict=True)):
        raise UnsafeAddressError(
            f"webhook: {host} lies inside the house; an administrator may allow it (ZHUOYUE_WEBHOOK_ALLOW)"
        )
    if parts.scheme != "https" and not all(inside):
        raise UnsafeAddressError("webhook: found http; allowed is https, http only inside the house")
    return parts, addresses[0]


def _plain(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one wraps (mapped, 6to4, NAT64), so that none hides behind it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    wrapped = address.ipv4_mapped or address.sixtofour
    if wrapped is None and address in ipaddress.ip_network("64:ff9b::/96"):
        wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return wrapped or address


def _public(address: Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header `webhook-signature` (https://www.standardwebhooks.com, version 1)."""
    key = b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def send(message: Message, url: str, secret: str, allowed: Allowed, resolved: Resolve = resolve) -> None:
    """Post a message; raises UndeliveredError."""
    try:
        parts, address = safe_address(url, allowed, resolved)
    except UnsafeAddressError as error:
        raise UndeliveredError(str(error), for_good=True) from error
    except OSError as error:
        raise UndeliveredError(f"the name of the host is not known: {error}") from error
    body = json.dumps(
        {"id": message.id, "type": "zhuoyue.warnings", "text": message.text, "data": list(message.warnings)},
        ensure_ascii=False,
    ).encode()
    now = int(datetime.now(UTC).timestamp())
    headers = {
        "host": parts.netloc,
        "content-type": "application/json",
        "user-agent": "zhuoyue-warnings",
        "webhook-id": message.id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(secret, message.id, now, body),
    }
    _post(parts, address, headers, body)


def _post(parts: SplitResult, address: Address, headers: dict[str, str], body: bytes) -> None:
    literal = f"[{address}]" if address.version == 6 else str(address)
    port = f":{parts.port}" if parts.port else ""
    query = f"?{parts.query}" if parts.query else ""
    url = f"{parts.scheme}://{literal}{port}{parts.path or '/'}{query}"
    extensions = {"sni_hostname": parts.hostname}
    try:
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, content=body, headers=headers, extensions=extensions) as answer,
        ):
            status = answer.status_code
    except httpx.HTTPError as error:
        raise UndeliveredError(f"{parts.hostname}: {type(error).__name__}: {error}"[:300]) from error
    if not 200 <= status < 300:
        raise UndeliveredError(f"{parts.hostname} answered {status}", for_good=status in FOR_GOOD)
