"""Webhooks: signed as the standard says, only to addresses that are safe to call, against a real server."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from serving.warnings.channels.message import Message, UndeliveredError
from serving.warnings.channels.webhook import (
    Allowed,
    UnsafeAddressError,
    checked,
    safe_address,
    send,
    signature,
)

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = Message("m1", "一", "正文", "<p>", "zh-CN", ({"what": "raised", "warning": {"id": 7}},))
INSIDE = Allowed.of("127.0.0.0/8")


class Receiver(ThreadingHTTPServer):
    """A receiver that answers as it is told and keeps what it got."""

    def __init__(self, status=200, location=None):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.location, self.got = status, location, []


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("location", self.server.location)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver(request):
    server = Receiver(**getattr(request, "param", {}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_signature_is_that_of_the_published_example():
    body = b'{"test": 2432232314}'
    found = signature(SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_check_what_it_got(receiver):
    send(MESSAGE, f"http://127.0.0.1:{receiver.server_port}/hook?a=1", SECRET, INSIDE)
    ((path, headers, body),) = receiver.got
    headers = {name.lower(): value for name, value in headers.items()}
    assert path == "/hook?a=1"
    assert headers["host"] == f"127.0.0.1:{receiver.server_port}"
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{wanted}"
    told = json.loads(body)
    assert (headers["webhook-id"], told["id"]) == ("m1", "m1")
    assert told["data"][0]["warning"]["id"] == 7


@pytest.mark.parametrize("receiver", [{"status": 302, "location": "http://127.0.0.1:1/"}], indirect=True)
def test_redirects_are_not_followed(receiver):
    with pytest.raises(UndeliveredError, match="302") as refused:
        send(MESSAGE, f"http://127.0.0.1:{receiver.server_port}/", SECRET, INSIDE)
    assert not refused.value.for_good
    assert len(receiver.got) == 1


@pytest.mark.parametrize("receiver", [{"status": 410}, {"status": 503}], indirect=True)
def test_only_a_receiver_that_is_gone_is_given_up(receiver):
    with pytest.raises(UndeliveredError) as refused:
        send(MESSAGE, f"http://127.0.0.1:{receiver.server_port}/", SECRET, INSIDE)
    assert refused.value.for_good is (receiver.status == 410)


def test_nobody_there_is_a_fault_that_is_tried_again():
    with pytest.raises(UndeliveredError) as refused:
        send(MESSAGE, "http://127.0.0.1:1/", SECRET, INSIDE)
    assert not refused.value.for_good


PRIVATE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1",
    "64:ff9b::a00:1", "2002:a00:1::",
)  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_nothing_inside_the_house_is_called(address):
    with pytest.raises(UnsafeAddressError):
        safe_address("https://hook.example.org/", Allowed(), lambda *_: [address])


def test_a_name_with_one_address_inside_is_refused_whatever_the_others_are():
    with pytest.raises(UnsafeAddressError, match="inside the house"):
        safe_address("https://hook.example.org/", Allowed(), lambda *_: ["93.184.216.34", "10.0.0.1"])


def test_the_address_that_was_checked_is_the_one_that_is_called(receiver):
    """A name that points elsewhere at the second question (DNS rebinding) gains nothing: there is none."""
    asked = []

    def rebinding(host, _port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["203.0.113.9"]

    send(MESSAGE, f"http://hook.example.org:{receiver.server_port}/", SECRET, INSIDE, rebinding)
    assert asked == ["hook.example.org"]
    headers = {name.lower(): value for name, value in receiver.got[0][1].items()}
    assert headers["host"] == f"hook.example.org:{receiver.server_port}"


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://0x7f000001/", "http://127.1/", "http://localhost/"]
)
def test_other_spellings_of_this_machine_are_resolved_like_any_name(url):
    with pytest.raises(UndeliveredError) as refused:
        send(MESSAGE, url, SECRET, Allowed())
    assert refused.value.for_good


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "https://", "https://me:pw@example.org/", "file:///etc/passwd", "https://a:0/",
     "https://a:99999/", "https://[::1", "gopher://x", "//example.org", "https://example.org/#x",
      "https://example.org/\0", "https://例.org/"],
)  # fmt: skip
def test_addresses_that_are_none_are_refused(url):
    with pytest.raises(UnsafeAddressError):
        checked(url)


def test_plain_http_goes_to_named_places_inside_only():
    public = lambda *_: ["93.184.216.34"]  # noqa: E731
    with pytest.raises(UnsafeAddressError, match="https"):
        safe_address("http://example.org/", Allowed(), public)
    _, address = safe_address("https://example.org/", Allowed(), public)
    assert str(address) == "93.184.216.34"
    _, address = safe_address(
        "http://hooks.plant.local/", Allowed.of("hooks.plant.local"), lambda *_: ["10.0.0.9"]
    )
    assert str(address) == "10.0.0.9"
