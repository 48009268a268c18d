"""How a mistake is shown to a person."""

from __future__ import annotations

from routing_policies.errors import (
    FAULTS_SHOWN_MAX,
    SHOWN_WIDTH_MAX,
    DocumentError,
    Fault,
    PolicyError,
    nearest,
    shown,
)


def fault(line: int = 2, column: int = 0, width: int = 0, **more: str) -> Fault:
    words = {"source": "p.yaml", "place": "spec.x", "problem": "is wrong", "remedy": "mend it"}
    return Fault(line=line, column=column, width=width, **{**words, **more})


def picture(text: str, *faults: Fault) -> list[str]:
    return shown(DocumentError(*faults), text).split("\n")


def test_an_error_carries_every_fault_and_names_the_first() -> None:
    error = DocumentError(fault(), fault(line=0, place="", remedy=""))
    assert isinstance(error, PolicyError)
    assert str(error) == "p.yaml:2: spec.x is wrong (mend it)\np.yaml: is wrong"
    assert (error.source, error.line, error.place) == ("p.yaml", 2, "spec.x")


def test_the_caret_is_under_the_wrong_part() -> None:
    assert picture("a:\n  b: 12\n", fault(column=6, width=2)) == [
        "p.yaml:2: spec.x is wrong (mend it)",
        "      b: 12",
        "         ^^",
    ]


def test_without_a_column_all_of_the_line_is_meant() -> None:
    assert picture("a\n  bc \n", fault())[2] == "      ^^"
    assert picture("a\n  bc de\n", fault(column=6))[2] == "         ^^"


def test_a_long_line_is_cut_around_the_fault() -> None:
    line = "x" * 500 + "WRONG" + "y" * 500
    _, above, carets = picture(f"a\n{line}\n", fault(column=501, width=5))
    assert len(above) <= SHOWN_WIDTH_MAX + 10
    assert above[carets.index("^") : carets.rindex("^") + 1] == "WRONG"


def test_lines_end_where_yaml_ends_them_and_tabs_keep_their_place() -> None:
    assert picture("a\x0cb\r\n\tc\r\n", fault(column=2, width=1))[1:] == ["     c", "     ^"]


def test_what_cannot_be_shown_is_left_out() -> None:
    assert len(picture("a\n\n", fault())) == 1
    assert len(picture("a", fault(line=9))) == 1
    assert picture("a\nb", fault(column=99))[2].strip() == "^"
    many = picture("a", *[fault(line=0)] * (FAULTS_SHOWN_MAX + 3))
    assert many[-1] == "and 3 more"


def test_the_name_that_was_meant() -> None:
    assert nearest("porot", ["porto", "lisbon"]) == "porto"
    assert nearest("x", ["porto"]) == ""
