"""What an ACD tells: signs that say enough to be acted on."""

from contract_samples import needed_in

from site_agent.adapters import acd_events as told


def test_an_announcement_that_was_not_played_has_room_for_the_reason() -> None:
    over = told.AnnouncementOver(call_id="c1", name="late", played=False, problem="no such file")
    assert over.problem and "played" in needed_in(told.AnnouncementOver)
