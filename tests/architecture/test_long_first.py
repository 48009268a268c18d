"""Long test files are begun first: every one that is named is there, and only the order changes."""

from types import SimpleNamespace
from typing import Any, cast

from long_first import LONG, LongFirst
from source_tree import ROOT


def test_every_file_that_is_named_is_there_once() -> None:
    assert [path for path in LONG if not (ROOT / path).exists()] == []
    assert len(set(LONG)) == len(LONG)


def test_long_files_come_first_and_the_others_keep_their_order() -> None:
    option = SimpleNamespace(loadscopereorder=True)
    order = LongFirst(cast(Any, SimpleNamespace(option=option)))
    assert option.loadscopereorder is False, "pytest-xdist would put files with many tests first"
    names = [
        "tests/a.py::one",
        f"{LONG[1]}::two",
        f"{LONG[1]}::one",
        f"{LONG[0]}::x",
        "tests/b.py::y",
    ]
    items = [SimpleNamespace(nodeid=name) for name in names]
    order.pytest_collection_modifyitems(cast(Any, items))
    told = [item.nodeid for item in items]
    assert told == [names[3], names[1], names[2], names[0], names[4]]
