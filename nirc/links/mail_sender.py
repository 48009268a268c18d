"""Sends notices by mail: the one file that knows the SMTP library.

Rule of this file: TLS unless the settings say that there is none, and then without a password. A
password is read when it is needed and stands in no error and no log.
"""

import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import aiosmtplib

from nirc.alarm_config import SmtpConfig
from nirc.errors import NoticeError

NOT_CONFIGURED = "no mail may be sent: set alarms.smtp in this node's settings"


class MailSender:
    """Hands messages to the mail server of the settings."""

    def __init__(self, settings: SmtpConfig | None) -> None:
        self._settings = settings

    async def send(
        self, to: Sequence[str], subject: str, text: str, notice_id: str, at_unix_s: float
    ) -> None:
        """Send one message. Raises NoticeError unless the server took it for everybody."""
        settings = self._settings
        if settings is None:
            raise NoticeError(NOT_CONFIGURED)
        message = mail_of(
            settings.sender,
            to,
            subject=subject,
            text=text,
            notice_id=notice_id,
            at_unix_s=at_unix_s,
        )
        password = _password(settings)
        try:
            refused, _ = await aiosmtplib.send(
                message,
                sender=settings.sender,
                recipients=list(to),
                hostname=settings.host,
                port=settings.port,
                username=settings.user or None,
                password=password or None,
                timeout=settings.timeout_s,
                use_tls=settings.tls == "tls",
                start_tls=settings.tls == "starttls",
                tls_context=_tls(settings) if settings.tls != "none" else None,
            )
        except (aiosmtplib.SMTPException, OSError, ValueError, TimeoutError) as error:
            raise NoticeError(_told(error, password)) from error
        if refused:
            raise NoticeError(f"{len(refused)} of {len(to)} addresses were refused")


def mail_of(
    sender: str,
    to: Sequence[str],
    *,
    subject: str,
    text: str,
    notice_id: str,
    at_unix_s: float,
) -> EmailMessage:
    """A message of a program (RFC 3834: nobody's absence note answers it)."""
    message = EmailMessage()
    message["From"] = Address("NIRC", addr_spec=sender)
    message["To"] = ", ".join(to)
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime.fromtimestamp(at_unix_s, UTC))
    message["Message-ID"] = f"<{notice_id}@{sender.partition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


def _password(settings: SmtpConfig) -> str:
    if settings.password_file is None:
        return ""
    try:
        return settings.password_file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise NoticeError("alarms.smtp.password_file cannot be read") from error


def _tls(settings: SmtpConfig) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca)
    except (OSError, ssl.SSLError) as error:
        raise NoticeError("alarms.smtp.ca holds no certificates") from error


def _told(error: Exception, password: str) -> str:
    text = f"{type(error).__name__}: {error}".replace("\r", " ").replace("\n", " ")
    return (text.replace(password, "***") if password else text)[:300]
