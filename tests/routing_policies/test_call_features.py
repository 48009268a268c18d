"""Facts of a call become numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_policies import columns as c
from routing_policies.call_features import (
    CalendarView,
    ServiceValues,
    call_vector,
    data_text,
    feature_value,
    share_of,
)
from routing_policies.model import CallFacts, Feature
from routing_policies.names import NO_NAME, name_id

FEATURE_KINDS = (
    "listed starts data data_number data_known calendar_open calendar_holiday"
    " calendar_closes_in_s calendar_opens_in_s"
)


@dataclass(frozen=True)
class State:
    open: bool = True
    holiday: str = ""
    closes_in_s: float = 600.0
    opens_in_s: float = 0.0


@dataclass(frozen=True)
class SmallWorld:
    calendars: Mapping[str, CalendarView] = field(default_factory=dict)
    on_list: tuple[tuple[str, str], ...] = ()

    def listed(self, list_name: str, number: str) -> bool:
        return (list_name, number) in self.on_list

    def calendar(self, name: str) -> CalendarView | None:
        return self.calendars.get(name)


WORLD = SmallWorld(
    {"office": State(), "xmas": State(False, "Natal", 0.0, inf)}, (("vip", "+351210000001"),)
)


def facts(**changed: object) -> CallFacts:
    values: dict[str, object] = {
        "interaction_id": "i1",
        "origin_site": "lisbon",
        "queue": "sales",
        "service": "sales",
        "ani": "+351210000001",
        "dialed_number": "+351800000000",
    }
    return CallFacts(**(values | changed))  # type: ignore[arg-type]


def value(kind: str, *args: str, **changed: object) -> float:
    return feature_value(Feature(kind=kind, args=args), facts(**changed), WORLD)


def test_the_vector_has_every_column_and_then_the_features() -> None:
    features = (Feature(kind="listed", args=("call.ani", "vip")), Feature(kind="data", args=("k",)))
    call = call_vector(
        facts(waited_s=12.5, priority=3, answered=True, moves_count=2, last_agent="porto/anna"),
        origin_row=7,
        service=ServiceValues(priority=4, aht_s=200, threshold_s=30, target=0.9),
        features=features,
        world=WORLD,
    )
    assert len(call) == c.CALL_FEATURES_FROM + 2
    assert all(isinstance(number, float) for number in call)
    assert call[c.C_ORIGIN_ROW] == 7
    assert call[c.C_WAITED_S] == 12.5
    assert call[c.C_PRIORITY] == 3
    assert call[c.C_ANSWERED] == 1
    assert call[c.C_MOVES] == 2
    assert call[c.C_SERVICE] == name_id("sales")
    assert call[c.C_ANI] == name_id("+351210000001")
    assert call[c.C_DIALED_NUMBER] == name_id("+351800000000")
    assert call[c.C_ORIGIN_SITE] == name_id("lisbon")
    assert call[c.C_LAST_AGENT] == name_id("porto/anna")
    assert call[c.C_TRUNK_GROUP] == NO_NAME
    assert call[c.C_SERVICE_PRIORITY : c.C_SERVICE_TARGET + 1] == [4, 200, 30, 0.9]
    assert call[c.CALL_FEATURES_FROM] == 1
    assert isnan(call[c.CALL_FEATURES_FROM + 1])


def test_a_caller_who_hides_the_number_has_none() -> None:
    call = call_vector(
        facts(withheld=True), origin_row=0, service=ServiceValues(), features=(), world=WORLD
    )
    assert call[c.C_ANI] == NO_NAME
    assert call[c.C_WITHHELD] == 1
    assert isnan(call[c.C_LAST_AGENT])
    assert value("listed", "call.ani", "vip", withheld=True) == 0
    assert value("starts", "call.ani", "+351", withheld=True) == 0


def test_shares_are_even_and_fixed() -> None:
    shares = [share_of(f"call-{i}") for i in range(5_000)]
    assert all(0.0 <= share < 1.0 for share in shares)
    for low in range(10):
        count = sum(low <= share * 10 < low + 1 for share in shares)
        assert 400 < count < 600
    assert share_of("call-1") == shares[1]


def test_numbers_and_lists() -> None:
    assert value("listed", "call.ani", "vip") == 1
    assert value("listed", "call.ani", "other") == 0
    assert value("listed", "call.dialed_number", "vip") == 0
    assert value("starts", "call.ani", "+44", "+351") == 1
    assert value("starts", "call.dialed_number", "+44") == 0


@pytest.mark.parametrize(
    ("data", "text", "number"),
    [
        ("gold", "gold", nan),
        ("", "", nan),
        (" 42 ", " 42 ", 42.0),
        ("1e3", "1e3", 1000.0),
        ("nan", "nan", nan),
        ("inf", "inf", nan),
        (5, "5", 5.0),
        (5.0, "5", 5.0),
        (2.5, "2.5", 2.5),
        (True, "true", nan),
        (False, "false", nan),
        (10**400, None, nan),
        (None, None, nan),
        ([1], None, nan),
        ({"a": 1}, None, nan),
        (nan, None, nan),
        ("x" * 2_000, None, nan),
        ("\ud800", "\ud800", nan),
    ],
)
def test_attached_data(data: object, text: str | None, number: float) -> None:
    assert data_text(data) == text
    given_data = {"data": {"k": data}}
    expected = nan if text is None else name_id(text)
    assert value("data", "k", **given_data) == pytest.approx(expected, nan_ok=True)
    assert value("data_known", "k", **given_data) == (text is not None)
    assert value("data_number", "k", **given_data) == pytest.approx(number, nan_ok=True)


def test_data_that_is_not_there() -> None:
    assert isnan(value("data", "k"))
    assert isnan(value("data_number", "k"))
    assert value("data_known", "k") == 0


def test_calendars() -> None:
    assert value("calendar_open", "office") == 1
    assert value("calendar_open", "xmas") == 0
    assert value("calendar_holiday", "xmas") == 1
    assert value("calendar_holiday", "office") == 0
    assert value("calendar_closes_in_s", "office") == 600
    assert value("calendar_opens_in_s", "xmas") == inf
    for kind in ("open", "holiday", "closes_in_s", "opens_in_s"):
        assert isnan(value(f"calendar_{kind}", "gone"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=80),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(JSON)
def test_no_data_makes_it_raise(data: object) -> None:
    for kind in FEATURE_KINDS.split():
        assert isinstance(value(kind, "call.ani", "k", data={"call.ani": data}), float)
