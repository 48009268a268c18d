"""What the leader and the history are told of holds."""

from site_playbook import held, led

from nrcli.wire.messages import ReserveGranted


def test_the_history_names_the_limits_that_must_hold() -> None:
    play = led()
    token = held(play)
    (line,) = play.lines("hold")
    assert (line["token"], line["places_max"], line["max_loan"]) == (token, 3, 2)
    assert (line["channels"], line["channels_free"]) == ("network=1", "network=3")
    assert play.sent(ReserveGranted)[0].queue == "sales"
