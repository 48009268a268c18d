from site_agent.adapters.sip_acd.g711 import alaw, melody, ulaw


def test_known_values_of_both_laws():
    # Silence and full scale, ITU-T G.711 tables 1a and 2a.
    assert ulaw([0, 32767, -32768]) == bytes((0xFF, 0x80, 0x00))
    assert alaw([0, 32767, -32768]) == bytes((0xD5, 0xAA, 0x2A))


def test_louder_is_never_encoded_as_softer():
    codes = alaw(range(0, 32768, 16))
    levels = [(code ^ 0x55) & 0x7F for code in codes]
    assert levels == sorted(levels)
    codes = ulaw(range(0, 32768, 16))
    levels = [~code & 0x7F for code in codes]
    assert levels == sorted(levels)


def test_the_melody_is_bounded_and_never_long_silent():
    samples = melody()
    assert len(samples) == 48000
    assert max(map(abs, samples)) < 32767
    assert all(any(samples[at : at + 8000]) for at in range(0, 48000, 8000))
