"""Notices for programs and people; names of others never make lines or headers."""

import json
from typing import Any

from nirc.alarms.notice_text import mail_text, subject_of, webhook_body
from nirc.alarms.notices import Notice, Told
from nrcli.wire.alarm_models import AlarmEvent

EVIL = "porto\r\nBcc: all@x\u202e<b>"


def event(**more: Any) -> AlarmEvent:
    said = {"id": "e1", "at_unix_s": 0.0, "node": "n1", "code": "long_wait", "place": "porto/sales"}
    said |= {"happened": "raised", "severity": "major", "text": "too long", "advice": "do it"}
    return AlarmEvent.model_validate(said | more)


def notice(*raised: AlarmEvent, cleared: tuple[AlarmEvent, ...] = (), left_out: int = 0) -> Notice:
    return Notice(
        id="x1",
        channel="noc",
        raised=raised,
        cleared=cleared,
        passed=(),
        left_out_count=left_out,
        standing_count=len(raised),
        told=Told(),
    )


def test_a_mail() -> None:
    text = mail_text(notice(event(), left_out=3), "n2", 60.0)
    assert text.splitlines() == [
        "Raised:",
        "  major long_wait at porto/sales, since 1970-01-01 00:00:00 UTC",
        "    too long",
        "    do: do it",
        "",
        "and 3 more: `nrcli alarms --history` lists them",
        "",
        "1 alarms stand now. Told by node n2 at 1970-01-01 00:01:00 UTC.",
        "Notice x1; one that comes twice has the same number.",
    ]


def test_subjects() -> None:
    assert subject_of(notice(event())) == "NIRC: major: long_wait at porto/sales"
    both = notice(event(severity="minor"), event(severity="critical", place=""))
    assert subject_of(both) == "NIRC: critical: long_wait at node n1 and 1 more"
    assert subject_of(notice(cleared=(event(),))) == "NIRC: over: long_wait at porto/sales"
    assert subject_of(notice()) == "NIRC: a test"


def test_what_others_named_stays_in_its_line() -> None:
    evil = event(place=EVIL, text=EVIL, advice=EVIL)
    assert "\n" not in subject_of(notice(evil)) and "\r" not in subject_of(notice(evil))
    lines = mail_text(notice(evil), "n1", 0.0).splitlines()
    assert not [line for line in lines if line.startswith("Bcc")] and len(lines) == 7
    assert "\u202e" not in "".join(lines)
    (said,) = json.loads(webhook_body(notice(evil), "n1", 0.0))["raised"]
    assert said["place"] == "porto Bcc: all@x <b>"


def test_a_body() -> None:
    said = json.loads(webhook_body(notice(event()), "n1", 5.0))
    assert (said["format"], said["id"], said["test"]) == ("nirc.alarms/1", "x1", False)
    assert said["raised"][0]["id"] == "e1" and "who" not in said["raised"][0]
    assert json.loads(webhook_body(notice(), "n1", 5.0))["test"] is True
