"""What a control would do, in words and figures."""

from __future__ import annotations

import pytest
from control_samples import BEGAN_UNIX_S, control
from router_network import FakeSite, documents, leading, policy_text, report

from nirc.core import controls_weighing
from nirc.core.actions import ControlWeighed
from nirc.core.events import WallTimeRead, WeighControl
from nrcli.wire.control_models import ControlEffect, ControlWanted

ANYWHERE = "{name: anywhere, select: longest_available, action: route}"


def effect_of(target: str, policy: str = ANYWHERE) -> ControlEffect:
    sites = [FakeSite(name, ready={f"{name}-1": 50.0}) for name in ("faro", "lisbon", "porto")]
    more = {"RoutingPolicy/default": policy_text(policy, otherwise="network_queue")}
    book = leading(*sites, docs=documents([one.name for one in sites], more=more))
    for site in sites:
        report(book, site)
    book.event(WallTimeRead(unix_s=BEGAN_UNIX_S))
    found = control("freeze", target)
    wanted = ControlWanted(kind="freeze", target=found.target, author="ana", reason="storm")
    book.event(WeighControl(id="w", control_id="c1", wanted=wanted))
    (told,) = [one for one in book.left if isinstance(one, ControlWeighed)]
    assert told.effect is not None
    return told.effect


def test_every_kind_of_caller_is_asked_about_with_it_and_without() -> None:
    effect = effect_of("all")
    assert effect.asked_count == 3 and len(effect.changes) == 3
    assert dict(effect.figures) == {
        "moves_count": 0.0,
        "entries_count": 0.0,
        "sites_count": 3.0,
        "changes_count": 3.0,
    }
    assert effect.lines[0].startswith("no call is moved anywhere, until 1970-01-12")
    assert effect.lines[1].startswith("3 of 3 kinds of caller are decided otherwise")


def test_only_what_would_change_is_listed() -> None:
    changed = {one.site: (one.now, one.then) for one in effect_of("site faro").changes}
    assert changed.pop("faro")[1].startswith("stays: control c1")
    assert all(then.startswith("moves to") for _, then in changed.values())
    assert "faro" not in "".join(then for _, then in changed.values())


def test_who_stays_with_it_and_without_is_no_change() -> None:
    effect = effect_of("all", "{name: home, action: queue_at_origin}")
    assert (effect.asked_count, effect.changes) == (3, ())
    assert effect.lines[1].startswith("0 of 3 kinds of caller are decided otherwise")


def test_the_work_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(controls_weighing, "ASKED_MAX", 2)
    monkeypatch.setattr(controls_weighing, "CHANGES_MAX", 1)
    effect = effect_of("all")
    assert (effect.asked_count, len(effect.changes)) == (2, 1)
    assert effect.lines[1].startswith("2 of 2 kinds")
