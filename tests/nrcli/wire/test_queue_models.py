"""What takes an entry out names the entry and its author."""

import pytest
from pydantic import ValidationError

from nrcli.wire.queue_models import TakeOut


@pytest.mark.parametrize(
    "fields", [{}, {"entry_id": "e"}, {"entry_id": "", "author": "a"}, {"author": "a"}]
)
def test_nobody_takes_out_without_a_name(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        TakeOut.model_validate(fields)
    with pytest.raises(ValidationError):
        TakeOut.model_validate({"entry_id": "e", "author": "a", "other": "x"})
