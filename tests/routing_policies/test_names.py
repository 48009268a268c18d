"""The number of a name depends on nothing but the name."""

from hypothesis import given
from hypothesis import strategies as st

from routing_policies.names import NO_NAME, name_id


def test_numbers_never_change() -> None:
    """Recorded decisions hold them."""
    assert name_id("porto") == 155272368498665.0
    assert name_id("lisbon") == 238000607650812.0
    assert name_id("") == NO_NAME == 0.0


@given(st.text(st.characters(), min_size=1, max_size=100))
def test_a_number_is_exact(name: str) -> None:
    number = name_id(name)
    assert isinstance(number, float)
    assert number.is_integer()
    assert 0 <= number < 2**48


def test_ten_thousand_names_are_apart() -> None:
    assert len({name_id(f"site-{i}") for i in range(10_000)}) == 10_000


def test_half_a_character_is_a_name_too() -> None:
    assert name_id("\ud800") != name_id("\ud801")
