"""What may stand in a query, and what is refused."""

import re

import pytest
from pydantic import ValidationError

from nrcli.wire import query_models as q


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (q.SitesQuery, {"livenes": "dead"}),
        (q.SitesQuery, {"liveness": "asleep"}),
        (q.SitesQuery, {"linked": "1"}),
        (q.Page, {"limit": "0"}),
        (q.Page, {"limit": "1001"}),
        (q.Page, {"limit": " 7"}),
        (q.Page, {"limit": "+7"}),
        (q.Page, {"limit": "7.0"}),
        (q.Page, {"limit": "٣"}),
        (q.Page, {"after": "<script>"}),
        (q.Page, {"after": "a" * 401}),
        (q.QueuesQuery, {"site": "x" * 129}),
        (q.EventsQuery, {"kinds": ""}),
        (q.EventsQuery, {"kinds": "site,,queue"}),
        (q.Query, {"x": ""}),
    ],
)
def test_refused(model: type[q.Query], said: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(said)


def test_an_unknown_kind_is_told_with_those_that_there_are() -> None:
    with pytest.raises(ValidationError, match=r"'<b>' is no kind: status, site, .*queue_entry"):
        q.EventsQuery.model_validate({"kinds": "site,<b>"})


def test_taken() -> None:
    assert q.Page.model_validate({"limit": "7"}).limit == 7
    assert q.EventsQuery.model_validate({"kinds": "site,alarm"}).kinds == "site,alarm"
    assert q.Query.model_validate({}) == q.Query()


def test_every_parameter_at_its_longest_fits_into_a_request_line() -> None:
    """A character takes up to twelve, escaped; of a cursor one. `LINE_BYTES_MAX` is 16 KB."""
    for model in vars(q).values():
        if isinstance(model, type) and issubclass(model, q.Query):
            found = re.findall(r"'maxLength': (\d+)", str(model.model_json_schema()))
            escaped = sum(12 * int(one) for one in found if int(one) != q.CURSOR_CHARS_MAX)
            assert escaped < 15_000, model
