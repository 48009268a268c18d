"""Only listed hosts are called, over TLS, without redirects; messages are signed."""

import asyncio
import hashlib
import hmac
from pathlib import Path

import pytest
from notice_receivers import webhook_receiver

from nirc.alarm_config import WebhookConfig
from nirc.errors import NoticeError
from nirc.links.webhook_sender import SIGNATURE, WebhookSender, refused_because

LISTED = WebhookConfig(hosts=("hooks.example", "10.0.0.5:8443", "[2001:db8::1]"))
PLAIN = WebhookConfig(hosts=("hooks.example",), plain_http=True)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example/x",
        "https://HOOKS.example:443/x",
        "https://10.0.0.5:8443/",
        "https://[2001:db8::1]/x",
    ],
)
def test_listed(url: str) -> None:
    assert refused_because(url, LISTED) == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example:8443/x",
        "https://10.0.0.5/x",
        "https://evil.example/x",
        "https://hooks.example.evil.example/x",
        "https://evil.example/?hooks.example",
        "https://hooks.example@evil.example/x",
        "https://me@hooks.example/x",
        "https://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/",
        "https://[::ffff:127.0.0.1]/",
        "http://hooks.example/x",
        "file:///etc/passwd",
        "gopher://hooks.example/",
        "https://hooks.example:99999/",
        "https:///x",
        "",
    ],
)
def test_not_called(url: str) -> None:
    assert refused_because(url, LISTED)


def test_plain_http_only_where_the_settings_say_so() -> None:
    assert refused_because("http://hooks.example/x", PLAIN) == ""
    assert refused_because("http://hooks.example:8080/x", PLAIN)


async def send(settings: WebhookConfig | None, url: str) -> None:
    await WebhookSender(settings).send(url, "id1", b"{}", 7.0)


async def test_signed_and_taken(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key\n", encoding="utf-8")
    with webhook_receiver() as hook:
        settings = WebhookConfig(hosts=(hook.host,), plain_http=True, secret_file=secret)
        await send(settings, hook.url)
        await send(WebhookConfig(hosts=(hook.host,), plain_http=True), hook.url)
        (signed, body), (unsigned, _) = hook.posts
    mac = hmac.new(b"key", b"7." + body, hashlib.sha256).hexdigest()
    assert signed[SIGNATURE] == f"t=7,v1={mac}" and signed["X-NIRC-Notice"] == "id1"
    assert SIGNATURE not in unsigned and "Authorization" not in signed


async def test_redirects_are_not_followed_and_errors_are_told() -> None:
    with webhook_receiver() as hook, webhook_receiver() as inside:
        settings = WebhookConfig(hosts=(hook.host,), plain_http=True)
        hook.status, hook.location = 307, inside.url
        with pytest.raises(NoticeError, match="answered 307, and redirects are not followed"):
            await send(settings, hook.url)
        assert inside.posts == []
        hook.status = 500
        with pytest.raises(NoticeError, match="answered 500"):
            await send(settings, hook.url)
    with pytest.raises(NoticeError, match="cannot be reached"):
        await send(settings, hook.url)
    with pytest.raises(NoticeError, match=r"set alarms\.webhook"):
        await send(None, hook.url)


async def test_who_says_nothing_is_not_waited_for_long() -> None:
    server = await asyncio.start_server(lambda reader, writer: asyncio.sleep(30), "127.0.0.1", 0)
    async with server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        settings = WebhookConfig(hosts=(host,), plain_http=True, timeout_s=0.1)
        with pytest.raises(NoticeError, match=r"no answer in 0\.1 s"):
            await send(settings, f"http://{host}/")


async def test_an_empty_or_missing_secret_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "secret"
    empty.write_text("\n", encoding="utf-8")
    for path, told in ((empty, "is empty"), (tmp_path / "none", "cannot be read")):
        settings = WebhookConfig(hosts=("hooks.example",), secret_file=path)
        with pytest.raises(NoticeError, match=told):
            await send(settings, "https://hooks.example/")
