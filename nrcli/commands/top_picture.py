"""What `nrcli top` shows: rows of each view, sorted and filtered, as lines of plain text.

Rule of this file: pure. Names come from sites and callers: whatever moves a terminal's cursor is
taken out of them. No line is longer than the screen is wide.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nrcli.wire.alarm_models import Alarm
from nrcli.wire.api_models import CallInMotion, QueueEntry, SiteSummary, Status
from nrcli.wire.live_models import QueueOfSite

Cell = str | float | int | bool | None
Row = tuple[Cell, ...]
GAP = "  "
WIDEST_CELL = 40
"A longer value is cut, so that one name does not push the others out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a node said, once."""

    status: Status
    sites: tuple[SiteSummary, ...] = ()
    queues: tuple[QueueOfSite, ...] = ()
    calls: tuple[CallInMotion, ...] = ()
    entries: tuple[QueueEntry, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    at_unix_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One table."""

    name: str
    titles: tuple[str, ...]
    rows: Callable[[Picture], list[Row]]
    sort: int = 0
    "Column by which it is sorted at first."
    falling: bool = False
    nobody: str = ""
    "Said instead of an empty table."


def _sites(picture: Picture) -> list[Row]:
    return [
        (
            *(one.site, one.liveness, one.linked, one.usable, one.tier),
            *(one.ready_count, one.busy_count, one.waiting_count, one.state_age_s),
        )
        for one in picture.sites
    ]


def _queues(picture: Picture) -> list[Row]:
    return [
        (
            *(one.site, one.queue, one.open, one.staffed_count, one.ready_count, one.busy_count),
            *(one.waiting_count, one.oldest_wait_s if one.waiting_count else None, one.ewt_s),
            *(_percent(one.service_level), one.loan_count),
        )
        for one in picture.queues
    ]


def _calls(picture: Picture) -> list[Row]:
    return [
        (
            *(one.interaction_id[:8], one.origin_site, one.target_site, one.queue, one.agent),
            *(one.state, one.age_s),
        )
        for one in picture.calls
    ]


def _entries(picture: Picture) -> list[Row]:
    return [
        (
            *(one.service, one.position, one.kind, one.interaction_id[:8], one.site, one.queue),
            *(one.priority, one.waited_s, one.state),
        )
        for one in picture.entries
    ]


def _alarms(picture: Picture) -> list[Row]:
    return [
        (
            *(one.code, one.place, max(picture.at_unix_s - one.since_unix_s, 0.0)),
            *(one.acknowledged_by, one.text),
        )
        for one in picture.alarms
    ]


VIEWS = (
    View(
        name="sites",
        titles=(
            "site",
            "liveness",
            "linked",
            "usable",
            "tier",
            "ready",
            "busy",
            "waiting",
            "age s",
        ),
        rows=_sites,
    ),
    View(
        name="queues",
        titles=(
            *("site", "queue", "open", "staff", "ready", "busy"),
            *("waiting", "oldest s", "wait s", "in time", "lent"),
        ),
        rows=_queues,
        sort=6,
        falling=True,
    ),
    View(
        name="calls",
        titles=("call", "from", "to", "queue", "agent", "state", "age s"),
        rows=_calls,
        sort=6,
        falling=True,
        nobody="no call is in motion",
    ),
    View(
        name="network queue",
        titles=(
            *("service", "place", "kind", "call", "waits at", "queue"),
            *("priority", "waited s", "state"),
        ),
        rows=_entries,
        nobody="nobody waits in it",
    ),
    View(
        name="alarms",
        titles=("alarm", "place", "for s", "cared for by", "what"),
        rows=_alarms,
        sort=2,
        nobody="no alarm stands",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a person wants to see."""

    view: int = 0
    sort: int | None = None
    "Column; None: as the view itself is sorted."
    turned: bool = False
    "The other way round."
    words: str = ""
    "Only rows that hold this, in any case of letters."
    typing: bool = False
    "The next keys are these words."


def pressed(look: Look, key: str) -> Look | None:
    """What a key changes; None: it ends the program. Keys that mean nothing change nothing."""
    if look.typing:
        return _typed(look, key)
    if key in ("q", "Q", "\x03", "\x04"):
        return None
    if key.isdecimal() and 0 < int(key) <= len(VIEWS):
        return Look(view=int(key) - 1, words=look.words)
    if key == "\t":
        return Look(view=(look.view + 1) % len(VIEWS), words=look.words)
    if key == "s":
        column = VIEWS[look.view].sort if look.sort is None else look.sort
        return replace(look, sort=(column + 1) % len(VIEWS[look.view].titles), turned=False)
    if key == "r":
        return replace(look, turned=not look.turned)
    if key == "/":
        return replace(look, words="", typing=True)
    if key == "\x1b":
        return replace(look, words="")
    return look


def _typed(look: Look, key: str) -> Look:
    if key in ("\r", "\n"):
        return replace(look, typing=False)
    if key in ("\x1b", "\x03"):
        return replace(look, words="", typing=False)
    if key in ("\x7f", "\b"):
        return replace(look, words=look.words[:-1])
    return replace(look, words=look.words + key) if key.isprintable() else look


def chosen_rows(look: Look, picture: Picture) -> list[Row]:
    """Rows of the view, as they are to stand."""
    view = VIEWS[look.view]
    rows = [row for row in view.rows(picture) if _holds(row, look.words)]
    column = view.sort if look.sort is None else look.sort
    falling = view.falling if look.sort is None else _is_number(rows, column)
    return sorted(rows, key=lambda row: _order(row[column]), reverse=falling != look.turned)


def column_named(view: int, name: str) -> int | None:
    """The column with this title, or one that begins so; None: there is none."""
    titles = VIEWS[view].titles
    if name in titles:
        return titles.index(name)
    return next((n for n, title in enumerate(titles) if title.startswith(name)), None)


def head(picture: Picture, node: str, silent: str, width: int) -> list[str]:
    """Two lines: who answers and who leads, then what counts. `silent`: why it is not current."""
    status = picture.status
    leaders = ", ".join(one.leader or "NOBODY" for one in status.domains) or "NOBODY"
    stores = "".join(
        f"  {name} AWAY"
        for name, store in (("etcd", status.etcd), ("redis", status.redis))
        if not store.in_reach and store.problem != "not configured"
    )
    dead = f" ({len(status.sites_dead)} dead)" if status.sites_dead else ""
    first = f"{status.node} at {node}  leader {leaders}{stores}"
    if silent:
        first = f"NOT CURRENT: {silent}"
    second = (
        f"{len(picture.sites)} sites{dead}  {len(picture.calls)} calls in motion  "
        f"{len(picture.entries)} in the network queue  {len(picture.alarms)} alarms"
        + ("  DRAINING" if status.draining else "")
    )
    return [plain(first)[:width], second[:width]]


def table_lines(look: Look, picture: Picture, width: int, rows_max: int | None) -> list[str]:
    """The view as lines: titles, rows, and how many are left out."""
    view, rows = VIEWS[look.view], chosen_rows(look, picture)
    if not rows:
        return [view.nobody or "nothing", *([f"(only with {look.words!r})"] if look.words else [])]
    shown = rows if rows_max is None else rows[: max(rows_max - 2, 1)]
    cells = [[told(cell) for cell in row] for row in shown]
    widths = [
        max(len(title), *(len(line[n]) for line in cells)) for n, title in enumerate(view.titles)
    ]
    right = [_is_number(shown, n) for n in range(len(view.titles))]
    lines = [_line(list(view.titles), widths, right)]
    lines += [_line(line, widths, right) for line in cells]
    if len(shown) < len(rows):
        lines.append(f"and {len(rows) - len(shown)} more")
    return [line[:width].rstrip() for line in lines]


def screen(
    look: Look, picture: Picture, *, node: str, silent: str, width: int, height: int
) -> list[str]:
    """The whole screen, at most `height` lines."""
    names = "  ".join(
        f"[{n}] {one.name.upper() if n - 1 == look.view else one.name}"
        for n, one in enumerate(VIEWS, 1)
    )
    lines = [*head(picture, node, silent, width), names[:width], ""]
    lines += table_lines(look, picture, width, height - len(lines) - 1)
    keys = "q end  1-5 view  s sort  r turn  / filter"
    if look.typing or look.words:
        keys = f"filter: {look.words}{'_' if look.typing else '  (Esc: none)'}"
    return [*lines[: height - 1], keys[:width]]


def everything(look: Look, picture: Picture, *, node: str, width: int) -> list[str]:
    """All views, one after the other, for a file or a terminal that only writes."""
    lines = head(picture, node, "", width)
    for number, view in enumerate(VIEWS):
        one = look if number == look.view else Look(view=number, words=look.words)
        lines += ["", view.name.upper(), *table_lines(one, picture, width, None)]
    return lines


def plain(text: str) -> str:
    """A text without anything but visible characters, and not too long.

    >>> plain("lis\\x1b[2Jbon")
    'lis?[2Jbon'
    """
    return "".join(one if one.isprintable() else "?" for one in text)


def told(cell: Cell) -> str:
    """A value for a person."""
    if cell is None or cell == "":
        return "-"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.1f}"
    text = plain(str(cell))
    return text if len(text) <= WIDEST_CELL else text[: WIDEST_CELL - 1] + "~"


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = [
        cell.rjust(wide) if is_right else cell.ljust(wide)
        for cell, wide, is_right in zip(cells, widths, right, strict=True)
    ]
    return GAP.join(parts)


def _percent(share: float | None) -> str | None:
    return None if share is None else f"{share:.0%}"


def _holds(row: Row, words: str) -> bool:
    return not words or any(words.casefold() in told(cell).casefold() for cell in row)


def _is_number(rows: Sequence[Row], column: int) -> bool:
    found = [row[column] for row in rows if row[column] is not None]
    return bool(found) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in found
    )


def _order(cell: Cell) -> tuple[int, float, str]:
    """What is not known comes last in rising order."""
    if isinstance(cell, int | float):
        return 0, float(cell), ""
    return (2, 0.0, "") if cell is None else (1, 0.0, cell)
