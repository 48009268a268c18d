"""Decides who is let onto a link, and which version is spoken there.

Rule of this file: pure judgement of first messages. Each of the four ends of a link has its
greeting: what it says first, and what it makes of the other's first words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from nrcli.wire.messages import (
    VERSION_NEWEST,
    VERSION_OLDEST,
    Hello,
    LinkRefused,
    NodeMessage,
    PeerHello,
    PeerMessage,
    SiteMessage,
    Welcome,
)

Message = SiteMessage | NodeMessage | PeerMessage
HEARTBEAT_S_MIN, SILENCE_S_MAX = 0.01, 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """How often a link is heard at least, and when it is called dead."""

    heartbeat_s: float = 0.5
    silence_s_max: float = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one end makes of the other's first message: `refused` or not."""

    refused: LinkRefused | None = None
    "Why the link ends; None lets the other end in."
    reply: Message | None = None
    "Said at once, whether let in or not."
    rhythm: Rhythm | None = None
    "What the other end asks for; None keeps our own."
    version: int = 0


class Greeting(Protocol):
    """One end's part in the first two messages."""

    def opening(self) -> Message | None:
        """What this end says before it has heard anything."""

    def judge(self, message: Message) -> Verdict:
        """What to make of the other end's first message."""


def common_version(newest: int, oldest: int) -> int | None:
    """The highest version both ends speak, if there is one."""
    version = min(newest, VERSION_NEWEST)
    return version if version >= max(oldest, VERSION_OLDEST) else None


def _version_refused(who: str, newest: int, oldest: int) -> LinkRefused:
    return LinkRefused(
        code="version",
        reason=f"{who} speaks versions {oldest} to {newest} of the link, here are {VERSION_OLDEST} "
        f"to {VERSION_NEWEST}: upgrade the older of the two, one version at a time",
    )


def _unexpected(message: Message) -> Verdict:
    name = type(message).__name__
    return Verdict(refused=LinkRefused(code="sequence", reason=f"{name} came before a greeting"))


class Incarnations:
    """The highest incarnation each site was ever let in with. Bounded by `sites_max`."""

    def __init__(self, sites_max: int) -> None:
        self._highest: dict[str, int] = {}
        self._sites_max = sites_max

    def refusal(self, hello: Hello) -> LinkRefused | None:
        """Why this hello comes from the past, or from one site too many."""
        highest = self._highest.get(hello.site)
        if highest is not None and hello.incarnation < highest:
            return LinkRefused(
                code="incarnation",
                reason=f"site {hello.site} says incarnation {hello.incarnation}, but {highest} was "
                "here before: is an old copy of the site agent still running?",
            )
        if highest is None and len(self._highest) >= self._sites_max:
            return LinkRefused(
                code="overload", reason=f"more than {self._sites_max} sites: raise sites_max"
            )
        return None

    def note(self, hello: Hello) -> None:
        """The site was let in."""
        self._highest[hello.site] = hello.incarnation


class SiteGreeting:
    """A site's end: says hello, waits to be welcomed."""

    def __init__(self, hello: Hello) -> None:
        self._hello = hello

    def opening(self) -> Message | None:
        return self._hello

    def judge(self, message: Message) -> Verdict:
        if isinstance(message, LinkRefused):
            return Verdict(refused=message)
        if not isinstance(message, Welcome):
            return _unexpected(message)
        if not self._hello.version_oldest <= message.version <= self._hello.version_newest:
            reason = f"node {message.node} wants version {message.version}, which was not offered"
            return Verdict(refused=LinkRefused(code="version", reason=reason))
        rhythm = Rhythm(heartbeat_s=message.heartbeat_s, silence_s_max=message.silence_s_max)
        if not HEARTBEAT_S_MIN <= rhythm.heartbeat_s < rhythm.silence_s_max <= SILENCE_S_MAX:
            reason = (
                f"node {message.node} wants a heartbeat every {rhythm.heartbeat_s} s and at most "
                f"{rhythm.silence_s_max} s of silence: both must lie between {HEARTBEAT_S_MIN} s "
                f"and {SILENCE_S_MAX} s, the heartbeat below the silence"
            )
            return Verdict(refused=LinkRefused(code="sequence", reason=reason))
        return Verdict(rhythm=rhythm, version=message.version)


class NodeGreeting:
    """A node's end towards a site: waits for hello, welcomes or refuses."""

    def __init__(
        self, *, node: str, rhythm: Rhythm, identity: str | None, incarnations: Incarnations
    ) -> None:
        """`identity` is the site its certificate names; None where links are not encrypted."""
        self._node = node
        self._rhythm = rhythm
        self._identity = identity
        self._incarnations = incarnations

    def opening(self) -> Message | None:
        return None

    def judge(self, message: Message) -> Verdict:
        if not isinstance(message, Hello):
            return _unexpected(message)
        version = common_version(message.version_newest, message.version_oldest)
        refused = self._refusal(message, version)
        if refused or version is None:
            return Verdict(refused=refused, reply=refused)
        welcome = Welcome(
            node=self._node,
            version=version,
            heartbeat_s=self._rhythm.heartbeat_s,
            silence_s_max=self._rhythm.silence_s_max,
            pre_routes=True,
            records=True,
        )
        self._incarnations.note(message)
        return Verdict(reply=welcome, version=version)

    def _refusal(self, hello: Hello, version: int | None) -> LinkRefused | None:
        if not hello.site:
            return LinkRefused(code="identity", reason="the hello names no site")
        if self._identity is not None and hello.site != self._identity:
            reason = f"the hello names site {hello.site}, its certificate site {self._identity}"
            return LinkRefused(code="identity", reason=reason)
        if version is None:
            newest, oldest = hello.version_newest, hello.version_oldest
            return _version_refused(f"site {hello.site}", newest, oldest)
        return self._incarnations.refusal(hello)


class PeerGreeting:
    """A node's end towards another node: both say hello, the one that connects first."""

    def __init__(self, *, node: str, expected: str | None, connects: bool) -> None:
        """`expected`: who the other end must be, from its certificate or because we called it;
        None if neither tells."""
        self._hello = PeerHello(node=node)
        self._expected = expected
        self._connects = connects

    def opening(self) -> Message | None:
        return self._hello if self._connects else None

    def judge(self, message: Message) -> Verdict:
        if not isinstance(message, PeerHello):
            return _unexpected(message)
        if self._expected is not None and message.node != self._expected:
            reason = f"the hello names node {message.node}, expected is node {self._expected}"
            return Verdict(refused=LinkRefused(code="identity", reason=reason))
        version = common_version(message.version_newest, message.version_oldest)
        if version is None:
            newest, oldest = message.version_newest, message.version_oldest
            return Verdict(refused=_version_refused(f"node {message.node}", newest, oldest))
        return Verdict(reply=None if self._connects else self._hello, version=version)
