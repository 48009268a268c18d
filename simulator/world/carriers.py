"""How moved calls travel: what a carrier does with a 302, a REFER and a bridge.

Rule of this file: carriers take the time that the model says, no more; what they do in faults is
drawn in `ways`. A caller is always in one place, or on the way with one `Transit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrcli.wire.messages import TransferMethod
from simulator.model.network import MoveModel
from simulator.model.outcomes import Method, MoveEnd, Outcome
from simulator.world.acd_commands import token_of
from simulator.world.acd_state import Leg
from simulator.world.timeline import END_OF_WORK, REPLY
from simulator.world.tries import Try
from simulator.world.ways import WELL, Way, drawn
from site_agent.adapters import base
from site_agent.core.plan_tokens import is_plan_token

if TYPE_CHECKING:
    from simulator.world.site import WorldSite
    from simulator.world.world import World

METHODS = {
    TransferMethod.REDIRECT_302: Method.REDIRECT_302,
    TransferMethod.REFER: Method.REFER,
    TransferMethod.REFER_REPLACES: Method.REFER,
    TransferMethod.BRIDGE: Method.BRIDGE,
}
NOT_REACHED = 480
REFUSED_US = 20_000
"A carrier that refuses says so after this."
NOWHERE_US = 1_500_000
"A carrier that does nothing is given up after this."
OWN_BYE_SHARE = 0.5


class Transit:
    """One move, from its beginning until the caller has arrived or will not."""

    __slots__ = (
        "agent",
        "asked_us",
        "began_us",
        "command",
        "contacts",
        "dead",
        "from_row",
        "going",
        "home",
        "leg",
        "life",
        "method",
        "over",
        "physical",
        "refused_by",
        "refused_with",
        "to_row",
        "try_",
    )

    def __init__(
        self, try_: Try, home: Leg, command: base.StartMove, began_us: int, life: int
    ) -> None:
        self.try_ = try_
        self.home = home
        self.command = command
        self.began_us = began_us
        self.life = life
        "Of the site's process that began it."
        self.method = METHODS[command.method]
        self.contacts = [one for one in (command.address, command.return_address) if one]
        self.from_row = try_.row
        self.asked_us, self.to_row, self.agent = began_us, -1, -1
        if try_.answer is not None and try_.answer[0] == token_of(command.address):
            _, self.asked_us, self.to_row, self.agent = try_.answer
        self.leg: Leg | None = None
        "At the target, once the INVITE is there."
        self.physical: MoveModel | None = None
        self.refused_with = 0
        self.refused_by = Outcome.LOST
        "What becomes of a caller whom the last contact refused, and who has no other."
        self.going = WELL
        self.over = False
        "Its outcome is written down."
        self.dead = False
        "Nothing of it is on its way any more."

    def line(self, ended: MoveEnd, now_us: int) -> tuple[int, ...]:
        """The move as MOVE_TYPE has it."""
        return (
            self.try_.number,
            self.try_.attempt,
            self.from_row,
            self.to_row,
            self.agent,
            int(self.method),
            int(ended),
            self.asked_us,
            self.began_us,
            now_us,
        )


class Carriers:
    """All moves on their way."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._moves: dict[tuple[int, int, int, str], MoveModel] = {
            (move.from_site, move.trunk, move.to_site, move.method): move
            for move in world.model.moves
        }
        self.broken_paths = 0
        "How many faults of paths stand now."
        self._inviting: Transit | None = None
        self.lines: list[tuple[int, ...]] = []
        "Moves that ended, as MOVE_TYPE has them."

    def begin(self, leg: Leg, command: base.StartMove) -> None:
        """A 302, a REFER or a bridge's INVITE leaves a site."""
        world, try_ = self._world, leg.try_
        if command.because:
            world.voicemail.begin(leg, command)
            return
        life = world.sites[leg.site].life
        transit = Transit(try_, leg, command, world.timeline.now_us, life)
        try_.transit = transit
        target = world.site_at(transit.contacts[0])
        name = command.method.value
        transit.physical = self._moves.get((leg.site, leg.trunk, target, name))
        if transit.physical is None:
            world.timeline.soon(self._not_reached, transit)
            return
        if transit.method is Method.BRIDGE and transit.physical.origin_channels:
            leg.channels += transit.physical.origin_channels
            world.sites[leg.site].acd.floor.use(leg.trunk, transit.physical.origin_channels)
        at_us = transit.began_us + transit.physical.set_up_us
        if self.broken_paths:
            at_us = self.goes_wrong(transit, at_us)
        world.timeline.at(at_us, REPLY, self._reach, transit)

    def goes_wrong(self, transit: Transit, at_us: int) -> int:
        """The path is broken: the move goes as chance has it; when the target is reached."""
        world = self._world
        transit.going = drawn(world.dice)
        if transit.going.way in (Way.REFUSED, Way.NOWHERE):
            soon_us = REFUSED_US if transit.going.way is Way.REFUSED else NOWHERE_US
            at_us = transit.began_us + soon_us
        return at_us + transit.going.more_us

    def stop(self, transit: Transit, ended: MoveEnd) -> None:
        """The move is over."""
        if transit.over:
            return
        transit.over = True
        transit.dead = transit.dead or transit.method is not Method.REFER
        try_ = transit.try_
        if try_.transit is transit:
            try_.transit = None
        self.lines.append(transit.line(ended, self._world.timeline.now_us))
        home = transit.home
        if ended is MoveEnd.PUT_BACK and home.channels > 1 and not home.over:
            extra, home.channels = home.channels - 1, 1
            self._world.sites[home.site].acd.floor.use(home.trunk, -extra)

    def forget(self, try_: Try) -> None:
        """The run is over: the move, if one is on its way, will not end."""
        if try_.transit is not None:
            try_.transit.over = try_.transit.dead = True
            try_.transit = None

    # ---- at the target ---------------------------------------------------------------------

    def _reach(self, transit: Transit) -> None:
        """The INVITE reaches the target."""
        world, physical = self._world, transit.physical
        if transit.dead or transit.try_.outcome or physical is None:
            return
        if transit.going.way in (Way.REFUSED, Way.NOWHERE):
            self._not_reached(transit)
            return
        origin = world.sites[transit.home.site]
        by_origin = transit.method is Method.BRIDGE and origin.alive
        for site in (world.sites[physical.to_site], *((origin,) if by_origin else ())):
            if not site.running:
                site.happens(self._reach, transit)
                return
        if not self.invite(transit, physical.to_site, physical.arrives_on, transit.contacts[0]):
            self._not_reached(transit)
            return
        leg = transit.leg
        assert leg is not None
        transit.to_row = world.sites[leg.site].acd.floor.first_row + leg.queue
        transit.try_.moves += 1
        transit.try_.method = int(transit.method)
        if transit.method is Method.REFER:
            transit.home.keep_until_us = world.timeline.now_us + physical.channels_us
        self.stop(transit, MoveEnd.ARRIVED)
        if is_plan_token(token_of(transit.contacts[0])):
            _taken_by_plan(world, transit, leg)

    def invite(self, transit: Transit, site: int, trunk: int, address: str) -> bool:
        """An INVITE with a token at a site; did it let the caller in?"""
        world, try_ = self._world, transit.try_
        target = world.sites[site]
        transit.refused_by = Outcome.LOST
        if target.acd.lost:
            transit.refused_with, transit.refused_by = NOT_REACHED, Outcome.SITE_LOST
            return False
        if target.acd.busy(trunk):
            world.tally.blocked(target.acd.floor.first_trunk + trunk, world.timeline.now_us)
            transit.refused_with, transit.refused_by = NOT_REACHED, Outcome.NO_CHANNEL
            return False
        leg = try_.new_leg(site, trunk)
        transit.leg, transit.refused_with = leg, 0
        leg.home, leg.transit = transit.home, transit
        self._inviting = transit
        token = token_of(address)
        if is_plan_token(token):
            world.callers.requests.offered(token, try_)
            target.acd.commands.request_id = token
        data = transit.command.data
        target.take(target.acd.arrive(leg, token, f"key-{leg.call_id}", data))
        self._inviting = None
        return not transit.refused_with

    def _not_reached(self, transit: Transit) -> None:
        """The target did not take the call: the next contact, or word to the origin."""
        world, home = self._world, transit.home
        if transit.dead or transit.try_.outcome:
            return
        if transit.method is Method.REDIRECT_302:
            self.come_back(transit)
            return
        transit.dead = True
        if transit.going.way is Way.MUTE:
            return
        refused = transit.method is Method.BRIDGE or transit.going.way is Way.REFUSED
        sign = base.MoveSign.REFUSED if refused else base.MoveSign.NOTIFIED
        if transit.going.way is Way.NOWHERE:
            sign = base.MoveSign.SILENT
        status = transit.refused_with or NOT_REACHED
        world.sites[home.site].happens(self.sign, (transit, sign, status))

    def sign(self, what: tuple[Transit, base.MoveSign, int]) -> None:
        """The origin hears of it, if it is the process that began."""
        transit, sign, status = what
        home, world = transit.home, self._world
        site = world.sites[home.site]
        if home.over:
            world.timeline.soon(world.callers.nowhere, transit.try_)
        elif site.life == transit.life:
            site.take(site.acd.progress(home, transit.command.move_id, sign, status))

    def come_back(self, transit: Transit) -> None:
        """The second Contact leads home."""
        world, home = self._world, transit.home
        if transit.try_.outcome:
            return
        if not world.sites[home.site].running:
            world.sites[home.site].happens(self.come_back, transit)
            return
        row = transit.from_row
        if len(transit.contacts) > 1 and self.invite(
            transit, home.site, home.trunk, transit.contacts[1]
        ):
            self.stop(transit, MoveEnd.RETURNED)
            return
        transit.try_.row = row
        self.stop(transit, MoveEnd.RETURNED)
        if transit.refused_by is Outcome.LOST:
            world.callers.nowhere(transit.try_)
        else:
            world.callers.end(transit.try_, transit.refused_by)

    # ---- what sites say --------------------------------------------------------------------

    def refused(self, leg: Leg, sip_status: int) -> None:
        """A site did not let an INVITE in."""
        leg.try_.legs.pop(leg.call_id, None)
        if self._inviting is not None and self._inviting.leg is leg:
            self._inviting.refused_with = sip_status

    def answered(self, leg: Leg) -> None:
        """The target answered: a bridge is joined; some carriers end a REFER's first leg."""
        home = leg.home
        if home is not None and home.moving and not home.bridged and not home.over:
            self._world.timeline.soon(self._joined, (home, leg))

    def _joined(self, pair: tuple[Leg, Leg]) -> None:
        self._world.sites[pair[0].site].happens(self._join, pair)

    def _join(self, pair: tuple[Leg, Leg]) -> None:
        home, leg = pair
        if home.over or leg.over or not home.moving:
            return
        site = self._world.sites[home.site]
        if leg.try_.method == int(Method.BRIDGE):
            if leg.transit is not None and leg.transit.life != site.life:
                self._world.callers.far_end_over(leg)
            else:
                site.take(site.acd.bridge(home, leg, home.moving))
        elif self.broken_paths and self._world.dice.share("own bye") < OWN_BYE_SHARE:
            site.take(site.acd.caller_left(home))

    def put_back(self, leg: Leg) -> None:
        """A move came to nothing: the caller is back in place."""
        transit = leg.try_.transit
        if transit is not None and transit.home is leg:
            self.stop(transit, MoveEnd.PUT_BACK)

    def abort(self, leg: Leg) -> None:
        """A bridge's INVITE is cancelled: it is not joined any more, and its leg at the target ends
        there, answered or not. One that stands cannot be stopped."""
        if leg.bridged:
            return
        for other in leg.try_.legs.values():
            if other.home is leg and other.transit.method is Method.BRIDGE:
                self._world.timeline.soon(self._world.callers.far_end_over, other)
                if leg.try_.talking is other:  # the agent there spoke to nobody
                    leg.try_.talking = None
        leg.moving = ""
        transit = leg.try_.transit
        if transit is not None and transit.home is leg:
            transit.dead = True

    def probe(self, leg: Leg) -> None:
        """The caller's device says whether it still holds the leg."""
        self._world.timeline.soon(self._asked, leg)

    def _asked(self, leg: Leg) -> None:
        site = self._world.sites[leg.site]
        site.happens(_probed, (site, leg))

    def keep(self, leg: Leg) -> None:
        """A REFER's leg was to end, but the carrier holds it a little longer."""
        timeline = self._world.timeline
        timeline.at(leg.keep_until_us, END_OF_WORK, self._lets_go, leg, number=leg.try_.number)

    def _lets_go(self, leg: Leg) -> None:
        site = self._world.sites[leg.site]
        site.happens(_let_go, (site, leg))


def _taken_by_plan(world: World, transit: Transit, leg: Leg) -> None:
    """The origin of a bridge hears by the target's 18x alone that the caller was taken."""
    if world.plan_watch is not None:
        world.plan_watch.taken(leg)
    if transit.method is Method.BRIDGE and transit.going.way is not Way.MUTE:
        what = (transit, base.MoveSign.ACCEPTED, 180)
        world.sites[transit.home.site].happens(world.carriers.sign, what)


def _probed(what: tuple[WorldSite, Leg]) -> None:
    site, leg = what
    if not leg.over:
        site.take(site.acd.probed(leg, not leg.try_.outcome))


def _let_go(what: tuple[WorldSite, Leg]) -> None:
    site, leg = what
    if not leg.over:
        leg.moving = ""
        site.take(site.acd.caller_left(leg, "moved"))
