"""MQTT 5: one message per warning on `<topic>/<enterprise>/<number>`, acknowledged by the broker (QoS 1).

The present state of every warning is *retained* under its own topic, so that a panel which starts later sees
what is open; a resolved one is retained with its end.
"""

from __future__ import annotations

import json
import queue
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from serving.warnings.channels.message import Message, UndeliveredError

TIMEOUT_SECONDS: Final = 10.0
PLANT_WIDE: Final = "_store"


def topic_of(prefix: str, content: dict[str, Any]) -> str:
    """Return the topic of a warning: prefix, enterprise, number; nothing that MQTT gives a meaning."""
    enterprise = str(content["enterprise_id"] or PLANT_WIDE)
    safe = "".join("_" if letter in "/#+\0" or letter.isspace() else letter for letter in enterprise)
    return f"{prefix}/{safe}/{content['id']}"


def send(message: Message, url: str, prefix: str) -> None:
    """Publish every warning of a message and wait for the broker's word; raises UndeliveredError."""
    where = f"MQTT broker {urlsplit(url).hostname}"
    try:
        with _connected(url) as client:
            for number, content in enumerate(message.warnings):
                _publish(client, topic_of(prefix, content["warning"]), f"{message.id}-{number}", content)
    except (OSError, ValueError, RuntimeError) as error:
        raise UndeliveredError(f"{where}: {error}") from error


@contextmanager
def _connected(url: str) -> Iterator[Any]:
    """Connect, and leave when the block ends; raises OSError with the broker's reason."""
    import paho.mqtt.client as paho
    from paho.mqtt.enums import CallbackAPIVersion

    parts = urlsplit(url)
    secure = parts.scheme == "mqtts"
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    if parts.username:
        client.username_pw_set(unquote(parts.username), unquote(parts.password or ""))
    if secure:
        client.tls_set_context(ssl.create_default_context())
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
    client.on_connect = lambda _client, _data, _flags, reason, _properties: answers.put(reason)
    client.connect(parts.hostname or "localhost", parts.port or (8883 if secure else 1883), keepalive=30)
    client.loop_start()
    try:
        try:
            reason = answers.get(timeout=TIMEOUT_SECONDS)
        except queue.Empty:
            raise ConnectionError("it does not answer") from None
        if reason.is_failure:
            raise ConnectionError(str(reason))
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


def _publish(client: Any, topic: str, name: str, content: dict[str, Any]) -> None:  # noqa: ANN401 - untyped library
    from paho.mqtt.packettypes import PacketTypes
    from paho.mqtt.properties import Properties

    about: Any = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
    about.ContentType, about.CorrelationData = "application/json", name.encode()
    body = json.dumps({"id": name, **content}, ensure_ascii=False).encode()
    info = client.publish(topic, body, qos=1, retain=True, properties=about)
    info.wait_for_publish(TIMEOUT_SECONDS)
    if not info.is_published():
        raise TimeoutError("it did not acknowledge a message")
