"""What may be done to a policy: publish, go back, shadow, canary, promote, stop, schedule.

Rule of this file: pure. Every act takes a state and returns a `Step`: the next state, what is to be
written beside it and what is told in history; or it refuses. Nothing here knows where it is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from routing_policies.versions import (
    DROPPED_AT_ONCE_MAX,
    KEPT_MAX,
    NOT_KNOWN,
    SCHEDULED_MAX,
    TEXT_BYTES_MAX,
    WORDS_MAX,
    Canary,
    HistoryEvent,
    Order,
    PolicyState,
    Scheduled,
    Step,
    Version,
    VersionChangedError,
    VersionRefusedError,
    digest_of,
    told_canary,
)

FOUND = "found"
"How a version came to be that was written past the versions."


def publish(
    state: PolicyState,
    text: str,
    order: Order,
    *,
    action: str = "publish",
    told: str = "",
    kept_max: int = KEPT_MAX,
) -> Step:
    """The text becomes a new version and live; nothing if it is live already."""
    _check(state, order, text if action != FOUND else "")
    if state.live and digest_of(text) == state.digest:
        return Step(state=state)
    number = state.newest + 1
    made = _version(number, text, order, action)
    after = replace(state, newest=number, live=number, digest=digest_of(text))
    words = told or f"version {number} became live" + _instead_of(state.live)
    return _step(after, [made], [(action, number, words)], order, text, kept_max=kept_max)


def store(
    state: PolicyState, text: str, order: Order, *, kept_max: int = KEPT_MAX
) -> tuple[Step, int]:
    """The text becomes a version without deciding anything; also its number."""
    _check(state, order, text)
    number = state.newest + 1
    made = _version(number, text, order, "stored")
    event = ("stored", number, f"version {number} was stored, not live")
    after = replace(state, newest=number)
    return _step(after, [made], [event], order, kept_max=kept_max), number


def found(state: PolicyState, text: str, at_unix_s: float, *, kept_max: int = KEPT_MAX) -> Step:
    """A live text that no version knows becomes one, so that it can be gone back to; of any size,
    for it is there."""
    who = "written before versions were kept" if not state.newest else "written past the versions"
    order = Order(author=NOT_KNOWN, reason=who, at_unix_s=at_unix_s)
    return publish(state, text, order, action=FOUND, told="", kept_max=kept_max)


def rollback(state: PolicyState, to: Version, order: Order, *, kept_max: int = KEPT_MAX) -> Step:
    """A new version that equals `to` becomes live; a canary ends with it."""
    _check(state, order, to.text)
    if state.live and digest_of(to.text) == state.digest:
        told = f"version {state.live}, which is live, has the text of version {to.number}"
        raise VersionRefusedError(told, "`nrcli policy history` lists what there was before")
    number = state.newest + 1
    made = replace(_version(number, to.text, order, "rollback"), equals=to.number)
    after = replace(
        state, newest=number, live=number, digest=digest_of(to.text), canary=None, texts={}
    )
    after = _with_texts(after, state.texts)
    words = f"version {number}, equal to version {to.number}, became live{_instead_of(state.live)}"
    if state.canary is not None:
        words += f"; the canary of version {state.canary.version} ended"
    return _step(after, [made], [("rollback", number, words)], order, to.text, kept_max=kept_max)


def shadow(state: PolicyState, version: int, text: str, order: Order) -> Step:
    """The version decides beside the live one from now on, without effect."""
    _check(state, order, text)
    _check_kept(state, version)
    if version == state.live:
        raise VersionRefusedError(f"version {version} is live", "name another, or a file")
    after = _with_texts(replace(state, shadow=version), {**state.texts, version: text})
    return _step(after, [], [("shadow", version, f"version {version} became the shadow")], order)


def canary(
    state: PolicyState, wanted: Canary, text: str, order: Order, *, forced: str = ""
) -> Step:
    """The version decides for a part of the calls from now on."""
    _check(state, order, text)
    _check_kept(state, wanted.version)
    if not state.live:
        raise VersionRefusedError("no version is live beside it", "publish one first")
    if wanted.version == state.live:
        raise VersionRefusedError(f"version {wanted.version} is live", "name another, or a file")
    if not 0.0 < wanted.share <= 1.0:
        raise VersionRefusedError(
            f"a share of {wanted.share:g}", "write a share above 0, at most 1"
        )
    if wanted.share == 1.0 and not wanted.sites and not wanted.services:
        told = "a canary without sites, services or a share would decide for every call"
        raise VersionRefusedError(told, "name --site, --service or --share, or promote it")
    after = _with_texts(replace(state, canary=wanted), {**state.texts, wanted.version: text})
    words = f"version {wanted.version} decides for {told_canary(wanted)}"
    if forced:
        words += f"; forced although agents are shared: {forced}"
    return _step(after, [], [("canary", wanted.version, words)], order)


def promote(state: PolicyState, text: str, order: Order, *, version: int) -> Step:
    """The canary or the shadow becomes live for all calls."""
    _check(state, order, text)
    _check_kept(state, version)
    if version == state.live:
        raise VersionRefusedError(f"version {version} is live already")
    after = replace(
        state,
        live=version,
        digest=digest_of(text),
        shadow=0 if state.shadow == version else state.shadow,
        canary=None if state.canary and state.canary.version == version else state.canary,
    )
    words = f"version {version} became live{_instead_of(state.live)}"
    return _step(_with_texts(after, state.texts), [], [("promote", version, words)], order, text)


def stop(state: PolicyState, what: frozenset[str], order: Order) -> Step:
    """End shadow, canary or scheduled activations; `what` names which of them."""
    _check(state, order)
    ended: list[tuple[str, int, str]] = []
    if "shadow" in what and state.shadow:
        ended.append(("stop", state.shadow, f"version {state.shadow} is no shadow any more"))
        state = replace(state, shadow=0)
    if "canary" in what and state.canary is not None:
        number = state.canary.version
        ended.append(("stop", number, f"version {number} is no canary any more"))
        state = replace(state, canary=None)
    if "schedule" in what:
        for one in state.scheduled:
            told = f"the activation of version {one.version} was called off"
            ended.append(("stop", one.version, told))
        state = replace(state, scheduled=())
    if not ended:
        raise VersionRefusedError(f"there is no {' or '.join(sorted(what))} to stop")
    return _step(_with_texts(state, state.texts), [], ended, order)


def schedule(state: PolicyState, version: int, at_unix_s: float, at: str, order: Order) -> Step:
    """The version becomes live at a wall time (`at` says it in words)."""
    _check(state, order)
    _check_kept(state, version)
    if at_unix_s <= order.at_unix_s:
        raise VersionRefusedError(f"{at} is past", "write a time to come, or publish it now")
    if len(state.scheduled) >= SCHEDULED_MAX:
        raise VersionRefusedError(f"{SCHEDULED_MAX} activations wait already", "call some off")
    if any(one.at_unix_s == at_unix_s for one in state.scheduled):
        raise VersionRefusedError(f"another version is scheduled for {at}", "choose another time")
    one = Scheduled(
        version=version,
        at_unix_s=at_unix_s,
        author=order.author,
        reason=order.reason,
        override_freeze=order.override_freeze,
    )
    waiting = tuple(sorted((*state.scheduled, one), key=lambda each: each.at_unix_s))
    words = f"version {version} is to become live at {at}"
    return _step(replace(state, scheduled=waiting), [], [("schedule", version, words)], order)


def due(state: PolicyState, unix_s: float) -> Scheduled | None:
    """The earliest activation whose time has come."""
    if state.scheduled and state.scheduled[0].at_unix_s <= unix_s:
        return state.scheduled[0]
    return None


def activate(
    state: PolicyState, one: Scheduled, text: str, at_unix_s: float, *, refused: str = ""
) -> Step:
    """Carry an activation out, once: nothing if it is not waiting any more. `refused` tells why
    it is called off instead."""
    if one not in state.scheduled:
        return Step(state=state)
    left = tuple(each for each in state.scheduled if each != one)
    state_left = replace(state, scheduled=left)
    order = Order(author=one.author, reason=one.reason, at_unix_s=at_unix_s)
    if refused:
        words = f"version {one.version} did not become live as scheduled: {refused}"
        return _step(state_left, [], [("not_activated", one.version, words)], order)
    after = replace(
        state_left,
        live=one.version,
        digest=digest_of(text),
        shadow=0 if state.shadow == one.version else state.shadow,
        canary=None if state.canary and state.canary.version == one.version else state.canary,
    )
    words = f"version {one.version} became live as scheduled{_instead_of(state.live)}"
    event = ("scheduled", one.version, words)
    return _step(_with_texts(after, state.texts), [], [event], order, text)


def remove(state: PolicyState, order: Order) -> Step:
    """The policy is taken out of use; its versions stay, so that it can come back."""
    _check(state, order)
    after = replace(state, live=0, digest="", shadow=0, canary=None, scheduled=(), texts={})
    event = ("removed", state.live, f"version {state.live} was removed: no version is live")
    return _step(after, [], [event], order)


def _instead_of(live: int) -> str:
    return f" instead of version {live}" if live else ""


def _version(number: int, text: str, order: Order, action: str) -> Version:
    return Version(
        number=number,
        text=text,
        author=order.author,
        reason=order.reason,
        published_at_unix_s=order.at_unix_s,
        action=action,
    )


def _check(state: PolicyState, order: Order, text: str = "") -> None:
    if order.if_version is not None and order.if_version != state.live:
        raise VersionChangedError(order.if_version, state.live)
    for what, words in (("author", order.author), ("reason", order.reason)):
        if len(words) > WORDS_MAX:
            raise VersionRefusedError(
                f"the {what} is {len(words)} characters", f"at most {WORDS_MAX}"
            )
    size = len(text.encode())
    if size > TEXT_BYTES_MAX:
        raise VersionRefusedError(f"the policy is {size} bytes", f"at most {TEXT_BYTES_MAX}")


def _check_kept(state: PolicyState, version: int) -> None:
    if not state.keeps(version):
        told = f"there is no version {version}"
        if 0 < version <= state.newest:
            told += " any more: it was dropped"
        raise VersionRefusedError(told, "`nrcli policy history` lists them")


def _with_texts(state: PolicyState, texts: Mapping[int, str]) -> PolicyState:
    """Only the texts that the state needs."""
    needed = {state.shadow, state.canary.version if state.canary else 0}
    return replace(state, texts={n: text for n, text in texts.items() if n in needed})


def _step(
    state: PolicyState,
    made: list[Version],
    happened: list[tuple[str, int, str]],
    order: Order,
    live_text: str | None = None,
    *,
    kept_max: int = KEPT_MAX,
) -> Step:
    """Number what happened, and drop what is too old."""
    frozen = (
        f"; the freeze was overridden: {order.override_freeze}" if order.override_freeze else ""
    )
    events = tuple(
        HistoryEvent(
            number=state.newest_event + 1 + i,
            at_unix_s=order.at_unix_s,
            act=act,
            version=version,
            live=state.live,
            author=order.author,
            reason=order.reason,
            told=words + frozen,
        )
        for i, (act, version, words) in enumerate(happened)
    )
    state = replace(state, newest_event=state.newest_event + len(events))
    state, versions_gone = _drop_versions(state, kept_max)
    state, events_gone = _drop_events(state, 2 * kept_max)
    return Step(
        state=state,
        versions=tuple(made),
        events=events,
        live_text=live_text,
        dropped_versions=versions_gone,
        dropped_events=events_gone,
    )


def _drop_versions(state: PolicyState, kept_max: int) -> tuple[PolicyState, tuple[int, ...]]:
    in_use = state.in_use
    gone = [number for number in state.held if number not in in_use]
    held = [number for number in state.held if number in in_use]
    first = state.kept_from
    while state.newest - first + 1 > kept_max and len(gone) < DROPPED_AT_ONCE_MAX:
        (held if first in in_use else gone).append(first)
        first += 1
    return replace(state, kept_from=first, held=tuple(held)), tuple(gone)


def _drop_events(state: PolicyState, kept_max: int) -> tuple[PolicyState, tuple[int, ...]]:
    excess = state.newest_event - state.events_from + 1 - kept_max
    count = max(0, min(excess, DROPPED_AT_ONCE_MAX))
    gone = tuple(range(state.events_from, state.events_from + count))
    return replace(state, events_from=state.events_from + count), gone


def live_number(state: PolicyState | None, text: str) -> int:
    """The number of the live text; for one that no version knows, the number it would get."""
    if state is None:
        return 1
    return state.live if digest_of(text) == state.digest else state.newest + 1


def then(first: Step, second: Step) -> Step:
    """Both as one step."""
    return Step(
        state=second.state,
        versions=first.versions + second.versions,
        events=first.events + second.events,
        live_text=second.live_text if second.live_text is not None else first.live_text,
        dropped_versions=first.dropped_versions + second.dropped_versions,
        dropped_events=first.dropped_events + second.dropped_events,
    )
