"""Mails go over TLS with a log-in; what goes wrong is told without the password."""

import ssl
from pathlib import Path
from typing import Any

import pytest
from etcd_cluster import free_ports
from notice_receivers import MailServer, mail_server
from sip_certificates import tls_files

from nirc.alarm_config import SmtpConfig
from nirc.errors import NoticeError
from nirc.links.mail_sender import MailSender, mail_of

TO = ("noc@noc.example", "night@noc.example")


async def send(settings: SmtpConfig | None) -> None:
    await MailSender(settings).send(TO, "NIRC: a test", "line one\n.\nline two\n", "id1", 0.0)


def settings_of(server: MailServer, folder: Path, **more: Any) -> SmtpConfig:
    said: dict[str, Any] = {"host": "127.0.0.1", "port": server.port, "sender": "nirc@noc.example"}
    word = folder / "password"
    word.write_text("hidden word\n", encoding="utf-8")
    said |= {"user": "nirc", "password_file": word, "timeout_s": 5.0}
    return SmtpConfig.model_validate(said | more)


async def test_over_tls_with_a_log_in(tmp_path: Path) -> None:
    files, other = tls_files(tmp_path, "mail"), tls_files(tmp_path, "other")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(files.cert, files.key)
    (port,) = free_ports(1)
    with mail_server(port, context) as server:
        good = settings_of(server, tmp_path, ca=files.ca)
        await send(good)
        (mail,) = server.mails
        assert (mail["From"], mail["To"]) == ("NIRC <nirc@noc.example>", ", ".join(TO))
        assert mail["Message-ID"] == "<id1@noc.example>"
        assert mail.get_content().splitlines() == ["line one", ".", "line two"]
        for wrong, told in (
            ({"ca": other.ca}, "CERTIFICATE_VERIFY_FAILED|certificate verify failed"),
            ({"user": "somebody", "ca": files.ca}, "SMTPAuthenticationError"),
            ({"tls": "tls", "ca": files.ca}, "SMTP|SSL|Error"),
        ):
            with pytest.raises(NoticeError, match=told) as refused:
                await send(settings_of(server, tmp_path, **wrong))
            assert "hidden word" not in str(refused.value)
        server.refuses = True
        with pytest.raises(NoticeError, match="451"):
            await send(good)
        assert len(server.mails) == 1
    with pytest.raises(NoticeError):
        await send(good)


async def test_a_server_without_tls_gets_nothing_unless_the_settings_say_so(
    tmp_path: Path,
) -> None:
    (port,) = free_ports(1)
    with mail_server(port, None) as server:
        with pytest.raises(NoticeError, match=r"(?i)starttls"):
            await send(settings_of(server, tmp_path))
        await send(settings_of(server, tmp_path, tls="none", user="", password_file=None))
        assert len(server.mails) == 1


async def test_without_settings_no_mail_is_sent() -> None:
    with pytest.raises(NoticeError, match=r"set alarms\.smtp"):
        await send(None)


def test_a_name_cannot_become_a_header() -> None:
    more: dict[str, Any] = {"text": "x", "notice_id": "1", "at_unix_s": 0.0}
    with pytest.raises(ValueError):
        mail_of("nirc@noc.example", TO, subject="a\r\nBcc: b@c", **more)
