"""Policies and their history, as people see them."""

import pytest

from nrcli.commands.policy_tables import (
    done_lines,
    history_parts,
    policies_parts,
    version_line,
)
from nrcli.commands.tables import show
from nrcli.wire.policy_models import (
    CanaryPart,
    PolicyDone,
    PolicyEvent,
    PolicyStatus,
    PolicyVersion,
    ScheduledVersion,
)

NOON_UNIX_S = 1_800_014_400.0


def test_what_is_in_use(capsys: pytest.CaptureFixture[str]) -> None:
    canary = CanaryPart(version=8, told="the calls from lisbon")
    later = ScheduledVersion(version=9, at_unix_s=NOON_UNIX_S, author="ana", reason="")
    one = PolicyStatus(
        policy="default", live=7, newest=9, in_use_here=7, canary=canary, scheduled=(later,)
    )
    show(*policies_parts([one, PolicyStatus(policy="old", live=0, newest=3)]))
    said = capsys.readouterr().out
    assert "default: canary, version 8 for the calls from lisbon" in said
    assert "version 9 is to become live at 2027-01-15 12:00:00 UTC" in said
    assert "removed" in said
    show(*policies_parts([]))
    assert "the built-in one decides" in capsys.readouterr().out


def test_a_shadow_is_shown_with_how_often_it_differs(capsys: pytest.CaptureFixture[str]) -> None:
    one = PolicyStatus(policy="p", live=1, newest=2, shadow=2, shadow_same_count=9)
    show(*policies_parts([one, one.model_copy(update={"shadow_differs_count": 1})]))
    show(*policies_parts([one.model_copy(update={"shadow_same_count": 0})]))
    said = " ".join(capsys.readouterr().out.split())
    assert "version 2, differs from the live version in 0 of 9 decisions" in said
    assert "version 2, differs from the live version in 1 of 10 decisions" in said
    assert "the leading node compares" in said


def test_history_names_who_and_why(capsys: pytest.CaptureFixture[str]) -> None:
    event = PolicyEvent(
        at_unix_s=NOON_UNIX_S,
        act="publish",
        version=7,
        live=7,
        author="ana",
        reason="peak [hour]",
        told="version 7 became live",
    )
    show(*history_parts([event]))
    line = "2027-01-15 12:00:00 UTC  version 7 became live, by ana: peak [hour]"
    assert capsys.readouterr().out.strip() == line


def test_where_a_version_comes_from() -> None:
    version = PolicyVersion(
        policy="default",
        version=8,
        text="",
        author="ana",
        reason="worse",
        published_at_unix_s=NOON_UNIX_S,
        action="rollback",
        equals=6,
    )
    assert version_line(version) == (
        "default version 8, equal to version 6, rollback by ana at 2027-01-15 12:00:00 UTC: worse"
    )


def test_what_became_of_an_act() -> None:
    done = PolicyDone(policy="p", version=2, live=2, changed=True, told=("a",), warnings=("b",))
    assert done_lines(done) == ["p: a", "warning: b"]
    same = PolicyDone(policy="p", version=2, live=2, changed=False)
    assert done_lines(same) == ["p: nothing changed, version 2 is live"]
