"""The kit's end of the wire remembers what was said, and plays the faults it is told to."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pushing_cti import SETTINGS, enters, whole

from site_agent.adapters import base
from site_agent.adapters.http_push.said_by_cti import Problem
from site_agent.commands.conformance_bench import Bench, NotJson, StepFailed, ask_again


async def begun() -> Bench:
    bench = Bench(SETTINGS, 0.05)
    await bench.hello(b'{"protocol": 1}')
    await say(bench, 1, whole("anna"))
    return bench


async def say(bench: Bench, seq: int, *messages: dict[str, Any]) -> Any:
    body = {"session": bench.acd.session, "seq": seq, "messages": messages}
    return await bench.take(json.dumps(body).encode())


async def test_what_was_said_is_remembered() -> None:
    bench = await begun()
    await say(bench, 2, enters("c1"))
    assert bench.heard("call_offered", call_id="c1") and not bench.heard(
        "call_offered", call_id="x"
    )
    assert bench.told(base.CallOffered, call_id="c1")
    assert bench.state_of("anna") is not None and bench.state_of("rita") is None
    assert bench.health()["cti_heard"] is True


async def test_a_fault_is_played_once() -> None:
    bench = await begun()
    bench.spoil = ask_again("snapshot", "a gap")
    answer = await say(bench, 2, enters())
    assert isinstance(answer, Problem) and answer.want == "snapshot"
    assert not bench.heard("call_offered")
    assert (await say(bench, 2, enters())).taken == 2
    assert "<html>" in NotJson().model_dump_json()


async def test_commands_reach_the_reader_that_is_there() -> None:
    bench = await begun()
    reader = await bench.open_reader(bench.acd.session, 0)
    assert not isinstance(reader, Problem)
    bench.order("be ready", order="ready", agent="anna")
    item = await reader.next(1.0)
    assert item is not None and json.loads(item[1])["text"] == "be ready"
    bench.close_reader(reader)
    assert bench.reader is None
    assert isinstance(await bench.open_reader("another", 0), Problem)


async def test_what_does_not_come_is_named() -> None:
    bench = await begun()
    with pytest.raises(StepFailed, match=r"no call came \(waited"):
        await bench.until("no call came", lambda: False)
