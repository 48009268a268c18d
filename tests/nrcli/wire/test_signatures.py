from pathlib import Path

import pytest

from nrcli.errors import SettingsError
from nrcli.wire.signatures import (
    SignatureError,
    call_key,
    check_signature,
    make_keys,
    public_key,
    signed,
)

TEXT = "kind: PeerPlan\nspec: {}\n"


def test_a_signed_text_is_the_text_with_one_more_line(tmp_path: Path) -> None:
    private, public, _ = make_keys(tmp_path)
    once = signed(TEXT, private)
    assert once.startswith(TEXT) and once.count("\n") == 3
    check_signature(once, public_key(public))
    assert signed(once, private) == once


def test_the_last_line_is_ended_before_it_is_signed(tmp_path: Path) -> None:
    private, public, _ = make_keys(tmp_path)
    text = signed(TEXT.rstrip("\n"), private)
    check_signature(text, public_key(public))
    check_signature(text.rstrip("\n"), public_key(public))


def test_what_is_not_as_it_was_signed_is_refused(tmp_path: Path) -> None:
    private, public, _ = make_keys(tmp_path / "a")
    stranger = make_keys(tmp_path / "b")[0]
    key = public_key(public)
    text = signed(TEXT, private)
    for wrong, why in (
        (TEXT, "not signed"),
        (text.replace("{}", "{a: 1}"), "changed"),
        (text + "more: 1\n", "not signed"),
        (signed(TEXT, stranger), "another key"),
        (text[:-3] + "\n", "changed"),
    ):
        with pytest.raises(SignatureError, match=why):
            check_signature(wrong, key)


def test_keys_are_private_and_never_overwritten(tmp_path: Path) -> None:
    private, _, calls = make_keys(tmp_path)
    assert private.stat().st_mode & 0o077 == 0 and calls.stat().st_mode & 0o077 == 0
    assert len(call_key(calls)) == 32
    with pytest.raises(FileExistsError):
        make_keys(tmp_path)


def test_a_key_that_is_none_is_named_with_the_remedy(tmp_path: Path) -> None:
    private, public, calls = make_keys(tmp_path)
    short = tmp_path / "short"
    short.write_text("abcd")
    for read, path in (
        (public_key, private),
        (public_key, tmp_path / "none"),
        (call_key, public),
        (call_key, short),
        (lambda path: signed(TEXT, path), public),
        (lambda path: signed(TEXT, path), calls),
    ):
        with pytest.raises(SettingsError, match="nrcli keys"):
            read(path)
