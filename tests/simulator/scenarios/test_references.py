"""Names lead somewhere."""

from __future__ import annotations

from scenario_texts import spec_of

from simulator.scenarios.references import reference_faults


def test_a_sound_scenario_has_no_faults() -> None:
    assert reference_faults(spec_of(), "small.yaml") == []


def test_the_place_and_the_name_probably_meant() -> None:
    sound = spec_of()
    ingress = sound.ingresses[0].model_copy(update={"service": "sale"})
    (fault,) = reference_faults(sound.model_copy(update={"ingresses": (ingress,)}), "s.yaml")
    assert fault.place == "spec.ingresses[0].service" and fault.remedy == "did you mean sales?"


def test_a_path_from_everywhere_wants_its_trunk_group_at_one_site_only() -> None:
    spec = spec_of(
        "sites:\n"
        "  - {name: lisbon, queues: [{name: sales}], trunks: [{name: own, channels: 9},"
        " {name: carrier, channels: 9}, {name: network, channels: 9, kind: network}]}\n"
        "  - {name: porto, queues: [{name: sales}]}\n"
        "paths: [{trunk_group: own, methods: [refer]}]\n"
    )
    assert reference_faults(spec, "s.yaml") == []
