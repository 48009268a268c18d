from site_agent.phones.sdp import agent_of, call_of, offer_or_answer, session_name


def test_each_end_learns_who_is_at_the_other() -> None:
    agent = offer_or_answer("agent anna@lisbon", "127.0.0.1", 4000)
    caller = offer_or_answer("call 17", "127.0.0.1", 4000)
    assert agent_of(agent) == ("anna", "lisbon")
    assert call_of(caller) == "17"
    assert agent_of(caller) is None
    assert call_of(agent) == ""


def test_a_body_of_somebody_else_says_nothing() -> None:
    assert session_name(b"") == ""
    assert agent_of(b"v=0\r\ns=-\r\n") is None
    assert call_of(b"\xff\xfe") == ""


def test_the_stream_names_the_bound_port() -> None:
    lines = offer_or_answer("call 1", "127.0.0.1", 4002).split(b"\r\n")
    assert b"m=audio 4002 RTP/AVP 8 0" in lines
    assert lines[0] == b"v=0"
    assert lines[-1] == b""
