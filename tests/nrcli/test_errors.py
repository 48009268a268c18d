"""What a person reads of an error, and what a program can ask it."""

import pytest

from nrcli.errors import (
    AdminError,
    LocalProtocolError,
    NrcliError,
    RemoteProtocolError,
    SettingsError,
)


def test_one_except_catches_all_and_our_mistakes_are_not_theirs() -> None:
    assert issubclass(AdminError, NrcliError) and issubclass(SettingsError, NrcliError)
    assert issubclass(LocalProtocolError, NrcliError)
    with pytest.raises(RemoteProtocolError):
        try:
            raise RemoteProtocolError("frame is oversized")
        except LocalProtocolError:
            pytest.fail("the other end's mistake was taken for ours")


def test_a_peer_is_named_when_it_is_known() -> None:
    error = RemoteProtocolError("frame is oversized", peer="porto")
    assert str(error) == "porto: frame is oversized"
    assert (error.reason, error.peer) == ("frame is oversized", "porto")
    assert str(RemoteProtocolError("frame is oversized")) == "frame is oversized"


def test_wrong_settings_tell_place_problem_and_remedy() -> None:
    error = SettingsError("site.yaml: site", "is empty", "write the site's name")
    assert str(error) == "site.yaml: site: is empty (write the site's name)"
    assert (error.place, error.remedy) == ("site.yaml: site", "write the site's name")


def test_no_remedy_leaves_no_empty_brackets() -> None:
    assert str(SettingsError("site.yaml", "cannot be read")) == "site.yaml: cannot be read"


def test_an_unreachable_node_has_no_http_status() -> None:
    assert AdminError("node n1 does not answer").status == 0
    assert AdminError("not found", status=404).status == 404
