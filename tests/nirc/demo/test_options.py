from pathlib import Path

import pytest

from nirc.demo.asterisk_program import NoAsterisk
from nirc.demo.layout import SiteKind
from nirc.demo.options import BadOption, Options, asterisk_for, site_kinds


def test_what_people_type_is_taken(tmp_path: Path) -> None:
    Options().check()
    Options(calls=200, seed=7, duration_s=30.0, ui=False, report=tmp_path / "demo.json").check()
    Options(hold=True, keep=tmp_path / "new").check()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (Options(calls=-1), "--calls -1"),
        (Options(calls=10_000_000), "--calls 10000000"),
        (Options(duration_s=0.0), "--duration 0"),
        (Options(calls=5, hold=True), "--hold places no calls"),
        (Options(report=Path("/nowhere/demo.json")), "the folder does not exist"),
        (Options(report=Path("/tmp")), "is a folder"),
        (Options(keep=Path("/etc")), "new or empty folder"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(options: Options, words: str) -> None:
    with pytest.raises(BadOption, match=words) as refused:
        options.check()
    assert "\n" not in str(refused.value)


def test_a_place_that_may_not_be_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nirc.demo.options.os.access", lambda path, mode: False)
    with pytest.raises(BadOption, match="--keep /new/folder: nothing may be written there"):
        Options(keep=Path("/new/folder")).check()


def test_sites_are_of_the_kinds_that_are_named() -> None:
    assert site_kinds("sip_acd", "asterisk") == (SiteKind.SIP_ACD, SiteKind.ASTERISK)
    assert asterisk_for(site_kinds("sip_acd", "sip_acd"), None) is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("avaya", "sip_acd"), "--site-a avaya: expected one of sip_acd, asterisk"),
        (("sip_acd", "freeswitch"), "--site-b freeswitch: the demo starts no FreeSWITCH"),
    ],
)
def test_a_kind_that_the_demo_cannot_start_is_refused(words: tuple[str, str], said: str) -> None:
    with pytest.raises(BadOption, match=said):
        site_kinds(*words)


def test_an_asterisk_that_is_not_here_is_refused_with_the_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def none(_: Path | None) -> None:
        raise NoAsterisk("install it")

    monkeypatch.setattr("nirc.demo.options.find_program", none)
    with pytest.raises(BadOption, match="--site-b asterisk: install it"):
        asterisk_for(site_kinds("sip_acd", "asterisk"), None)
    with pytest.raises(BadOption, match="--asterisk-root /x: no site is one"):
        asterisk_for(site_kinds("sip_acd", "sip_acd"), Path("/x"))
