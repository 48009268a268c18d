"""Answers come in the order of commands; one that does not come ends the connection."""

from __future__ import annotations

from site_agent.adapters.freeswitch import esl_protocol as esl
from site_agent.adapters.freeswitch.conversation import Conversation, GiveUpLink, Say


def opened() -> Conversation:
    line = Conversation(password="secret", answer_s=10.0)
    line.opened()
    line.heard(esl.AuthRequest())
    assert line.outcomes == [Say(data=b"auth secret\n\n")]
    line.heard(esl.CommandReply(text="+OK accepted"))
    line.outcomes.clear()
    assert line.up
    return line


def test_each_answer_finds_who_asked() -> None:
    line, heard = opened(), []
    line.api("one", lambda good, text: heard.append((good, text)))
    line.execute("u1", "respond", "480", lambda good, text: heard.append((good, text)))
    line.heard(esl.ApiResponse(body="1"))
    line.heard(esl.CommandReply(text="-ERR no"))
    assert heard == [(True, "1"), (False, "-ERR no")]


def test_a_job_is_answered_by_its_event_and_others_meanwhile() -> None:
    line, heard = opened(), []
    line.job("uuid_deflect u1 sip:x@y", "m1", lambda good, text: heard.append((good, text)))
    line.api("version", lambda good, text: heard.append((good, text)))
    line.heard(esl.CommandReply(text="+OK Job-UUID: m1", job="m1"))
    line.heard(esl.ApiResponse(body="1.10"))
    done = esl.EslEvent(name="BACKGROUND_JOB", headers={"Job-UUID": "m1"}, body="+OK:no reply")
    assert line.heard(done) is None
    line.heard(done)
    assert heard == [(True, "1.10"), (True, "+OK:no reply")]


def test_a_job_that_is_refused_or_forgotten_failed() -> None:
    line, heard = opened(), []
    line.job("a b c", "m1", lambda good, text: heard.append((good, text)))
    line.heard(esl.CommandReply(text="-ERR no"))
    line.job("a b c", "m2", lambda good, text: heard.append((good, text)))
    line.heard(esl.CommandReply(text="+OK", job="m2"))
    line.now_s = 31.0
    line.fire()
    assert heard == [(False, "-ERR no"), (False, "")]


def test_silence_and_loss_are_told_to_whoever_waits() -> None:
    line, heard = opened(), []
    line.api("one", lambda good, text: heard.append((good, text)))
    assert line.next_timer_s() == 10.0
    line.now_s = 10.0
    line.fire()
    assert [type(one) for one in line.outcomes] == [Say, GiveUpLink]
    assert heard == [(False, "")]
    line.api("two", lambda good, text: heard.append((good, text)))
    assert heard == [(False, "")] * 2 and not line.up


def test_a_wrong_password_and_a_rude_rejection_name_the_remedy() -> None:
    line = Conversation(password="secret", answer_s=10.0)
    line.opened()
    line.heard(esl.AuthRequest())
    line.heard(esl.CommandReply(text="-ERR invalid"))
    line.heard(esl.Goodbye(rude=True, text="Access Denied, go away.\n"))
    problems = [one.problem for one in line.outcomes if isinstance(one, GiveUpLink)]
    assert "acd.password_file" in problems[0] and "apply-inbound-acl" in problems[1]
    assert not line.up
