"""Silences fit by pattern and by time."""

from nirc.alarms.silences import KeptSilence, silenced


def silence(code: str, place: str) -> KeptSilence:
    return KeptSilence(
        id="1",
        code=code,
        place=place,
        from_unix_s=100.0,
        until_unix_s=200.0,
        author="ana",
        reason="x",
    )


def test_within_its_time_alone() -> None:
    one = silence("*", "*")
    assert [silenced([one], ("c", "p"), at) for at in (99.0, 100.0, 199.0, 200.0)] == [
        *(False, True, True, False)
    ]


def test_code_and_place() -> None:
    one = silence("site_*", "lisbon")
    assert silenced([one], ("site_down", "lisbon"), 150.0)
    assert not silenced([one], ("site_down", "porto"), 150.0)
    assert not silenced([one], ("redis_away", "lisbon"), 150.0)
    assert not silenced([silence("*", "a[b]")], ("c", "ab"), 150.0)
