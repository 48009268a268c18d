"""The order on disk: whole at every moment, read when it changes, and no file means: lend."""

import pytest

from site_agent.core.lending_order import Order
from site_agent.lending_file import LendingFile, lending_path

ORDER = Order(who="rui@porto", reason="fire drill", since_unix_s=1.0)


def test_an_order_is_read_by_whoever_runs(tmp_path):
    path = lending_path(tmp_path / "state" / "site.json")
    assert path.parent.name == "state"
    written, running = LendingFile(path), LendingFile(path)
    assert (running.read().text, running.read().problem) == ("", "")
    written.write(ORDER)
    assert running.changed().text == ORDER.text() and running.changed() is None
    assert LendingFile(path).order() == ORDER, "after a restart"
    written.write(None)
    assert running.changed().text == "" and running.order() is None
    assert [one.name for one in path.parent.iterdir()] == ["lending.json"]


def test_what_cannot_be_read_is_told(tmp_path):
    path = tmp_path / "lending.json"
    path.mkdir()
    file = LendingFile(path)
    assert file.read().problem
    with pytest.raises(ValueError):
        file.order()
    with pytest.raises(OSError):
        file.write(ORDER)
