from simulator.model.engine import Engine, EngineRun


def test_an_engine_is_known_by_what_it_does() -> None:
    assert {"problem", "start"} <= set(dir(Engine))
    assert {"counters", "feed", "finish", "sums"} <= set(dir(EngineRun))
