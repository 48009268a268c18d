from site_agent.phones.results import CallResult, Moved, Outcome, count


def _call(number: int, outcome: Outcome, moved: Moved = Moved.NO, **more: object) -> CallResult:
    result = CallResult(
        number=number, site="lisbon", trunk_group="carrier", interaction_id=f"{number:032x}"
    )
    result.outcome, result.moved = outcome, moved
    for name, value in more.items():
        setattr(result, name, value)
    return result


def test_every_call_is_counted_once() -> None:
    counts = count(
        [
            _call(1, Outcome.SERVED),
            _call(2, Outcome.SERVED, Moved.REDIRECT),
            _call(3, Outcome.SERVED, Moved.REFER),
            _call(4, Outcome.SERVED, Moved.BRIDGE),
            _call(5, Outcome.ABANDONED, Moved.REFER),
            _call(6, Outcome.FAILED),
            _call(7, Outcome.LOST),
            _call(8, Outcome.OPEN),
        ]
    )
    assert (counts.calls, counts.served, counts.served_home) == (8, 4, 1)
    assert (counts.moved_302, counts.moved_refer, counts.moved_bridge) == (1, 1, 1)
    assert (counts.abandoned, counts.failed, counts.lost, counts.open) == (1, 1, 1, 1)


def test_data_is_intact_only_byte_for_byte() -> None:
    sent = b'{"a":1}'
    same = _call(1, Outcome.SERVED, Moved.REFER, data_sent=sent, data_received=sent)
    spaced = _call(2, Outcome.SERVED, Moved.REFER, data_sent=sent, data_received=b'{"a": 1}')
    absent = _call(3, Outcome.SERVED, data_sent=sent)
    unserved = _call(4, Outcome.ABANDONED, data_sent=sent)
    counts = count([same, spaced, absent, unserved])
    assert (counts.data_checked, counts.data_intact) == (3, 1)
    assert (counts.moved_data_checked, counts.moved_data_intact) == (2, 1)


def test_json_shows_digests_and_never_the_data() -> None:
    shown = _call(1, Outcome.SERVED, data_sent=b"secret", data_received=b"secret").as_json()
    assert shown["data_sent"] == shown["data_received"]
    assert "secret" not in str(shown)
    assert shown["outcome"] == "served"
