"""What the node believes of channels: reports, less what is promised at targets and at home.

Rule of this file: what a move needs where its call is stays withheld as `nirc.core.channels` says:
until another number is reported of the trunk group after the origin was told, or for a while.
Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import leave_deal, now_s, push, us_of

SWEEP_US = 250_000


def channels_left(w: n.World, trunk: int) -> int:
    """Free channels of a trunk group as the node believes."""
    return int(w.trunks[trunk, n.T_REPORTED] - w.trunks[trunk, n.T_WITHHELD])


def lacks_channel(w: n.World, request: int, entry: int) -> bool:
    """Are too few channels free for a way, where the call is or at the target, as far as the node
    knows?"""
    way = w.ways[entry]
    needed = way[n.W_AT_HOME]
    if needed > 0 and channels_left(w, w.requests[request, n.R_TRUNK]) < needed:
        return True
    for i in range(2):
        trunk, count = way[n.W_TRUNK1 + 2 * i], way[n.W_COUNT1 + 2 * i]
        if trunk >= 0 and count > 0 and channels_left(w, trunk) < count:
            return True
    return False


def expect_at_home(w: n.World, deal: int, trunk: int) -> None:
    """A target is asked for a call of this trunk group: what its move needs there is withheld."""
    one = w.deals[deal]
    one[n.D_AT_HOME] = w.ways[one[n.D_ENTRY], n.W_AT_HOME]
    one[n.D_HOME_TRUNK] = trunk
    one[n.D_HOME_TOLD] = -1
    w.trunks[trunk, n.T_WITHHELD] += one[n.D_AT_HOME]


def told_at_home(w: n.World, deal: int) -> None:
    """The origin was told to move the call."""
    one = w.deals[deal]
    if one[n.D_AT_HOME] == 0:
        return
    trunk = w.trunks[one[n.D_HOME_TRUNK]]
    trunk[n.T_TOLD] += one[n.D_AT_HOME]
    one[n.D_HOME_TOLD] = trunk[n.T_NEWS]
    one[n.D_REFS] += 1
    until = us_of(w, now_s(w.g[n.G_NOW]) + w.deal_times[deal, n.DF_EXPIRES])
    at = (until + SWEEP_US - 1) // SWEEP_US * SWEEP_US
    push(w, at, n.TIMERS, n.E_HOME_SWEEP, deal, 0)


def drop_at_home(w: n.World, deal: int) -> None:
    """What a move would have needed at home is given back, unless a report did so."""
    one = w.deals[deal]
    if one[n.D_AT_HOME] == 0:
        return
    trunk, count = w.trunks[one[n.D_HOME_TRUNK]], one[n.D_AT_HOME]
    one[n.D_AT_HOME] = 0
    if one[n.D_HOME_TOLD] < 0:
        trunk[n.T_WITHHELD] -= count
    elif one[n.D_HOME_TOLD] == trunk[n.T_NEWS]:
        trunk[n.T_WITHHELD] -= count
        trunk[n.T_TOLD] -= count


def home_swept(w: n.World, deal: int) -> None:
    """What a move needed at home is withheld no longer."""
    w.deals[deal, n.D_REFS] -= 1
    drop_at_home(w, deal)
    leave_deal(w, deal)


def hear_channels(w: n.World, trunk: int, free: int) -> None:
    """A site said how many channels are free. Another number counts what its moves have taken."""
    one = w.trunks[trunk]
    if one[n.T_REPORTED] != free:
        one[n.T_REPORTED] = free
        one[n.T_WITHHELD] -= one[n.T_TOLD]
        one[n.T_TOLD] = 0
        one[n.T_NEWS] += 1
