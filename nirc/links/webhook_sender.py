"""Sends notices to webhooks: the one file that calls an address which a document names.

Rule of this file: only hosts that the settings list are called, over TLS unless they say otherwise,
without redirects, proxies or credentials in the address; nothing of an answer but its status is
looked at. A message is signed over its time and its body (HMAC, RFC 2104), so that a receiver can
refuse what is forged or old.
"""

import hashlib
import hmac
import ssl
from urllib.parse import urlsplit

import aiohttp

from nirc.alarm_config import WebhookConfig
from nirc.errors import NoticeError

SIGNATURE, NOTICE_ID = "X-NIRC-Signature", "X-NIRC-Notice"
PORTS = {"https": 443, "http": 80}
NOT_CONFIGURED = "no webhook may be called: set alarms.webhook in this node's settings"


class WebhookSender:
    """POSTs to receivers that may be called."""

    def __init__(self, settings: WebhookConfig | None) -> None:
        self._settings = settings

    async def send(self, url: str, notice_id: str, body: bytes, at_unix_s: float) -> None:
        """Send one message. Raises NoticeError unless a 2xx came back in time."""
        settings = self._settings
        if settings is None:
            raise NoticeError(NOT_CONFIGURED)
        if problem := refused_because(url, settings):
            raise NoticeError(problem)
        headers = {"Content-Type": "application/json", NOTICE_ID: notice_id}
        if settings.secret_file is not None:
            headers[SIGNATURE] = signature(_secret(settings), at_unix_s, body)
        try:
            async with (
                aiohttp.ClientSession(
                    timeout=aiohttp.ClientTimeout(total=settings.timeout_s),
                    trust_env=False,
                    cookie_jar=aiohttp.DummyCookieJar(),
                ) as session,
                session.post(
                    url, data=body, headers=headers, allow_redirects=False, ssl=_tls(settings)
                ) as answer,
            ):
                status = answer.status
        except TimeoutError as error:
            raise NoticeError(f"no answer in {settings.timeout_s:g} s") from error
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise NoticeError(f"cannot be reached: {type(error).__name__}") from error
        if not 200 <= status < 300:
            more = ", and redirects are not followed" if 300 <= status < 400 else ""
            raise NoticeError(f"answered {status}{more}")


def signature(secret: bytes, at_unix_s: float, body: bytes) -> str:
    """`t=SECONDS,v1=HEX`: HMAC-SHA-256 over `SECONDS.BODY`.

    >>> signature(b"key", 1.9, b"{}")
    't=1,v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224'
    """
    seconds = str(int(at_unix_s))
    mac = hmac.new(secret, seconds.encode() + b"." + body, hashlib.sha256)
    return f"t={seconds},v1={mac.hexdigest()}"


def refused_because(url: str, settings: WebhookConfig) -> str:
    """Why this address is not called; empty: it may be."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return "is no address"
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None:
        return "is no address that may be called"
    if parts.scheme == "http" and not settings.plain_http:
        return "is not https: alarms.webhook.plain_http of this node's settings is false"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    allowed = {one.lower() for one in settings.hosts}
    if f"{host}:{port}" in allowed or (port == PORTS[parts.scheme] and host in allowed):
        return ""
    return f"{host}:{port} is not among alarms.webhook.hosts of this node's settings"


def _secret(settings: WebhookConfig) -> bytes:
    assert settings.secret_file is not None
    try:
        secret = settings.secret_file.read_bytes().strip()
    except OSError as error:
        problem = f"alarms.webhook.secret_file cannot be read: {error.strerror}"
        raise NoticeError(problem) from error
    if not secret:
        raise NoticeError("alarms.webhook.secret_file is empty")
    return secret


def _tls(settings: WebhookConfig) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca)
    except (OSError, ssl.SSLError) as error:
        raise NoticeError("alarms.webhook.ca holds no certificates") from error
