"""Limits of what is kept for edges."""

from nrcli.sip.redirect_settings import RedirectSettings


def test_answers_outlive_the_question_and_a_few_repetitions() -> None:
    settings = RedirectSettings(clients=())
    assert settings.answers_kept_s > 2 * (0.5 + 1 + 2 + 4)
    assert settings.deadline_s <= 1.0
