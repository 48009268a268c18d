from simulator.model.streams import stream


def test_a_cause_has_its_own_numbers_and_keeps_them() -> None:
    first = stream(7, "talk", "lisbon").random(3).tolist()
    assert stream(7, "talk", "lisbon").random(3).tolist() == first
    assert stream(7, "talk", "porto").random(3).tolist() != first
    assert stream(8, "talk", "lisbon").random(3).tolist() != first
    assert stream(7, "talk\x1flisbon").random() != stream(7, "patience", "lisbon").random()
