"""Mail through a real SMTP server, MQTT through a real broker."""

import email
import email.policy
import json
import os
import queue
import socket
import uuid

import paho.mqtt.client as paho
import pytest
from aiosmtpd.controller import Controller
from paho.mqtt.enums import CallbackAPIVersion

from serving.warnings.channels import mail, mqtt
from serving.warnings.channels.message import Message, UndeliveredError

BROKER = os.environ.get("ZHUOYUE_TEST_MQTT", "mqtt://127.0.0.1:1883")
MESSAGE = Message("abc123", "卓越预警：E1\r\nBcc: x@y.z", "正文 text\n", "<p>正文</p>", "zh-CN", ())


class Postbox:
    """Keeps what arrives; refuses whoever is called nobody, for good, and later@, for now."""

    def __init__(self):
        self.mails = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, _server, _session, envelope, address, _options
    ):
        if address.startswith(("nobody@", "later@")):
            return "550 unknown" if address.startswith("nobody@") else "451 later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - the library's name
        self.mails.append((envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture
def postbox():
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    box.url = f"smtp://127.0.0.1:{port}"
    yield box
    controller.stop()


def test_a_mail_arrives_in_both_forms_with_an_id_that_stays(postbox):
    for _ in range(2):
        mail.send(MESSAGE, "li@plant.example", postbox.url, "Zhuoyue <zhuoyue@plant.example>")
    found = [email.message_from_bytes(content, policy=email.policy.default) for _, content in postbox.mails]
    assert [one["message-id"] for one in found] == ["<abc123@plant.example>"] * 2
    one = found[0]
    assert one["subject"] == "卓越预警：E1 Bcc: x@y.z"  # one line: no header of somebody's making
    assert one["bcc"] is None
    assert one["auto-submitted"] == "auto-generated"
    assert one.get_body(("plain",)).get_content().split() == ["正文", "text"]
    assert "<p>正文</p>" in one.get_body(("html",)).get_content()
    assert postbox.mails[0][0] == ["li@plant.example"]


@pytest.mark.parametrize(
    ("address", "for_good"), [("nobody@plant.example", True), ("later@plant.example", False)]
)
def test_an_address_that_is_refused_for_good_is_not_tried_again(postbox, address, for_good):
    with pytest.raises(UndeliveredError) as refused:
        mail.send(MESSAGE, address, postbox.url, "z@plant.example")
    assert refused.value.for_good is for_good


def test_a_password_is_never_sent_in_the_clear(postbox):
    with pytest.raises(UndeliveredError):
        mail.send(MESSAGE, "li@plant.example", postbox.url.replace("//", "//me:sesame@"), "z@plant.example")
    assert postbox.mails == []


def test_a_server_that_is_away_is_tried_again():
    with pytest.raises(UndeliveredError) as refused:
        mail.send(MESSAGE, "li@plant.example", "smtp://127.0.0.1:1", "z@plant.example")
    assert not refused.value.for_good


@pytest.mark.parametrize(
    "address", ["", "li", "li@", "a b@c.d", "li@x.y\nBcc: z@z", "<li@x.y>", "li@x.y,z@x.y"]
)
def test_addresses_that_are_none_are_refused(address):
    with pytest.raises(mail.MailAddressError):
        mail.checked(address)


def test_only_domains_that_are_allowed_get_mail():
    assert mail.checked("li@plant.example", "plant.example, other.org") == "li@plant.example"
    with pytest.raises(mail.MailAddressError, match=r"plant\.example"):
        mail.checked("li@elsewhere.org", "plant.example")


def test_a_warning_stands_on_its_topic_for_whoever_comes_later():
    prefix = f"zhuoyue-test/{uuid.uuid4().hex}"
    content = {"id": 7, "kind": "chart", "enterprise_id": "E/1+#", "period": "2025-01", "facts": {}}
    told = ({"what": "raised", "title": "一", "warning": content},)
    try:
        mqtt.send(Message("m1", "", "", "", "en", told), BROKER, prefix)
    except UndeliveredError as away:
        pytest.skip(f"no broker answers: {away}")
    got: queue.Queue = queue.Queue()
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.on_message = lambda _c, _d, message: got.put(message)
    client.connect("127.0.0.1", 1883)
    client.subscribe(f"{prefix}/#", qos=1)
    client.loop_start()
    message = got.get(timeout=5)
    client.publish(message.topic, b"", retain=True).wait_for_publish(5)
    client.loop_stop()
    client.disconnect()
    assert message.topic == f"{prefix}/E_1__/7"
    assert message.retain
    assert json.loads(message.payload)["id"] == "m1-0"
    assert json.loads(message.payload)["warning"]["enterprise_id"] == "E/1+#"
    assert message.properties.CorrelationData == b"m1-0"


def test_a_broker_that_is_away_is_tried_again():
    with pytest.raises(UndeliveredError) as refused:
        mqtt.send(Message("m1", "", "", "", "en", ()), "mqtt://127.0.0.1:1", "x")
    assert not refused.value.for_good
