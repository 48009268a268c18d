"""`nrcli top`: sites, queues, calls and alarms, again and again.

Rule of this file: the terminal alone. What is shown and what a key means stands in `top_picture`,
who is asked in `top_nodes`. The terminal is left as it was found, whatever happens.
"""

import asyncio
import contextlib
import dataclasses
import json
import os
import shutil
import sys
import termios
import tty
from collections.abc import Iterator, Sequence
from signal import SIGWINCH
from typing import Annotated

import typer

from nrcli.commands.clock import time_told, unix_s
from nrcli.commands.doctor import ALSO_HELP, another
from nrcli.commands.exit_codes import USAGE, exit_code_of
from nrcli.commands.node_access import access_of, author_of, failed
from nrcli.commands.top_nodes import Nodes
from nrcli.commands.top_picture import (
    VIEWS,
    Look,
    Picture,
    column_named,
    everything,
    pressed,
    screen,
)
from nrcli.errors import AdminError, NrcliError

EVERY_S = 2.0
EVERY_S_MIN = 0.2
OTHER_SCREEN, OWN_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
HOME, END_OF_LINE, REST = "\x1b[H", "\x1b[K", "\x1b[J"
WIDTH_OF_FILE = 200
VIEW_NAMES = ", ".join(view.name for view in VIEWS)


def top(  # noqa: PLR0917 - what a person may say on the command line
    context: typer.Context,
    once: Annotated[bool, typer.Option(help="Show everything once, and end.")] = False,
    every_s: Annotated[
        float, typer.Option("--every", min=EVERY_S_MIN, max=3600, help="Seconds between two looks.")
    ] = EVERY_S,
    view: Annotated[str, typer.Option(help=f"Begin with this one: {VIEW_NAMES}.")] = "sites",
    sort: Annotated[str, typer.Option(help="Column to sort by, as its title says.")] = "",
    words: Annotated[str, typer.Option("--filter", help="Only rows that hold this.")] = "",
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="URL=TOKEN_FILE", help=ALSO_HELP)
    ] = None,
) -> None:
    """The network as it moves: keys q, 1 to 5, s, r and /. If its node dies another one is asked.

    On a terminal that can only write, or in a pipe, everything is written again each time.
    """
    access = access_of(context)
    look = _look(view, sort, words)
    nodes = Nodes([access, *(another(access, one) for one in also or ())], unix_s)
    try:
        if access.as_json:
            sys.stdout.write(_json(asyncio.run(nodes.picture())) + "\n")
        elif once or not _can_move_cursor():
            asyncio.run(_write(nodes, look, None if once else every_s))
        else:
            asyncio.run(_live(nodes, look, every_s))
    except AdminError as error:
        raise failed(str(error), exit_code_of(error)) from error
    except NrcliError as error:
        raise failed(str(error), USAGE) from error
    except KeyboardInterrupt:
        return


def _look(view: str, sort: str, words: str) -> Look:
    numbers = [n for n, one in enumerate(VIEWS) if one.name.startswith(view)]
    if not view or not numbers:
        raise failed(f"--view {view}: there is none (there are {VIEW_NAMES})", USAGE)
    column = column_named(numbers[0], sort) if sort else None
    if sort and column is None:
        titles = ", ".join(VIEWS[numbers[0]].titles)
        raise failed(f"--sort {sort}: there is no such column (there are {titles})", USAGE)
    return Look(view=numbers[0], sort=column, words=words)


def _can_move_cursor() -> bool:
    terminal = sys.stdout.isatty() and sys.stdin.isatty()
    return terminal and os.environ.get("TERM", "dumb") not in ("", "dumb")


def _json(picture: Picture) -> str:
    plain = {
        field.name: getattr(picture, field.name)
        for field in dataclasses.fields(picture)
        if field.name != "at_unix_s"
    }
    return json.dumps(plain, default=lambda model: model.model_dump(), indent=2)


async def _write(nodes: Nodes, look: Look, every_s: float | None) -> None:
    """Everything as lines; again each `every_s`, or once. Raises AdminError if once in vain."""
    width = shutil.get_terminal_size((WIDTH_OF_FILE, 0)).columns if sys.stdout.isatty() else 10_000
    while True:
        try:
            lines = everything(look, await nodes.picture(), node=nodes.url, width=width)
        except AdminError as error:
            if every_s is None:
                raise
            lines = [f"NOT REACHED: {error}"]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        if every_s is None:
            return
        await asyncio.sleep(every_s)
        sys.stdout.write(f"\n---- {time_told(unix_s())} UTC\n")


class _Screen:
    """What is on the screen of one terminal."""

    def __init__(self, nodes: Nodes, look: Look, author: str) -> None:
        self._author = author
        self._nodes = nodes
        self._look: Look | None = look
        self._picture: Picture | None = None
        self._silent = "asking"
        self.over = asyncio.Event()

    async def follow(self, every_s: float) -> None:
        """Ask again and again, and draw."""
        asked_who = False
        while True:
            try:
                self._picture, self._silent = await self._nodes.picture(), ""
                if not asked_who:
                    asked_who = True
                    await self._nodes.learn(self._author)
            except AdminError as error:
                self._silent = str(error).splitlines()[0]
            self.draw()
            await asyncio.sleep(every_s)

    def read_keys(self) -> None:
        """Keys were pressed. A cursor key is several characters, and means nothing here."""
        text = os.read(sys.stdin.fileno(), 64).decode("utf-8", "ignore")
        keys: Sequence[str] = text if not text.startswith("\x1b[") else ()
        for key in keys or ("" if text else "q"):
            self._look = pressed(self._look, key) if self._look else None
        if self._look is None:
            self.over.set()
        else:
            self.draw()

    def draw(self) -> None:
        """Draw it anew, without flicker: each line over the one that was there."""
        width, height = shutil.get_terminal_size()
        lines = [self._silent]
        if self._picture is not None and self._look is not None:
            lines = screen(
                self._look,
                self._picture,
                node=self._nodes.url,
                silent=self._silent,
                width=width,
                height=height,
            )
        drawn = "\r\n".join(line[:width] + END_OF_LINE for line in lines)
        sys.stdout.write(HOME + drawn + REST)
        sys.stdout.flush()


async def _live(nodes: Nodes, look: Look, every_s: float) -> None:
    """Until somebody says q."""
    loop = asyncio.get_running_loop()
    shown = _Screen(nodes, look, author_of(""))
    with _keys_at_once():
        loop.add_reader(sys.stdin.fileno(), shown.read_keys)
        loop.add_signal_handler(SIGWINCH, shown.draw)
        following = loop.create_task(shown.follow(every_s))
        over = loop.create_task(shown.over.wait())
        try:
            await asyncio.wait((following, over), return_when=asyncio.FIRST_COMPLETED)
            if following.done():
                following.result()
        finally:
            loop.remove_reader(sys.stdin.fileno())
            for task in (following, over):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following


@contextlib.contextmanager
def _keys_at_once() -> Iterator[None]:
    """The terminal gives each key as it is pressed and shows another screen, until the end."""
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number)
        sys.stdout.write(OTHER_SCREEN)
        yield
    finally:
        sys.stdout.write(OWN_SCREEN)
        sys.stdout.flush()
        termios.tcsetattr(number, termios.TCSADRAIN, before)
