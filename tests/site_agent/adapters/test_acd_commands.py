"""What an ACD is told: commands whose meaning no default may change."""

from contract_samples import needed_in

from site_agent.adapters import acd_commands as said


def test_a_rejection_always_says_why() -> None:
    assert needed_in(said.RejectCall) == {"call_id", "reason"}


def test_a_queue_is_never_closed_or_opened_by_default() -> None:
    assert "closed" in needed_in(said.SetQueueClosed)
    assert "shifted" in needed_in(said.SetQueueShifted)
