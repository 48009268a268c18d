"""A heap gives back what was put in, by instant, then tie."""

from __future__ import annotations

import numpy as np

from simulator.compiled.heap import TIE, WHAT, WHEN, grown, heap_pop, heap_push, new_heaps
from simulator.compiled.layout import NEVER


def test_what_goes_in_comes_out_in_order() -> None:
    dice = np.random.default_rng(1)
    heap, size = new_heaps(1, 500)[0], 0
    given = [(int(a), int(b), i) for i, (a, b) in enumerate(dice.integers(0, 40, (500, 2)))]
    for when, tie, what in given:
        size = heap_push(heap, size, when, tie, what)
    found = []
    while size:
        found.append((heap[0, WHEN], heap[0, TIE], heap[0, WHAT]))
        size = heap_pop(heap, size)
    assert [one[:2] for one in found] == sorted(one[:2] for one in given)
    assert heap[0, WHEN] == NEVER


def test_pushes_and_pops_may_be_mixed() -> None:
    dice = np.random.default_rng(2)
    heap, size, held = new_heaps(1, 300)[0], 0, []
    for _ in range(2000):
        if size and dice.random() < 0.5:
            assert (heap[0, WHEN], heap[0, TIE]) == min(held)
            held.remove(min(held))
            size = heap_pop(heap, size)
        elif size < 300:
            one = (int(dice.integers(0, 100)), int(dice.integers(0, 1000)))
            held.append(one)
            size = heap_push(heap, size, *one, 0)


def test_a_heap_grows_with_what_it_holds() -> None:
    heaps = new_heaps(2, 2)
    heap_push(heaps[1], heap_push(heaps[1], 0, 5, 0, 7), 3, 0, 8)
    larger = grown(heaps)
    assert larger.shape[1] > 2 * 2
    assert larger[1, 0].tolist() == [3, 0, 8]
    assert larger[0, 0, WHEN] == NEVER
