"""Text of generated source: placeholders, names bound once and in order, refusals."""

from routing_policies.code_lines import Refusal, bound, filled, rendered
from routing_policies.model import Feature


def test_placeholders_become_local_names() -> None:
    one, two = (Feature(kind="data", args=(key,)) for key in "ab")
    text = filled("Q[5] > O[3] and F[0] == N[1] * W[2] + A[4] - C[1]", (two,), (one, two))
    assert text == "q5[r] > o3 and c21 == n1 * w2[k] + a4[s] - c1"


def test_names_are_bound_once() -> None:
    known = {"q5"}
    lines = bound(["if q5[r] and q12[r] > c1 and o3:", "lr[k] = m0[r]"], known)
    assert lines == [
        "c1 = call[1]",
        "m0 = row_kept[0]",
        "o3 = queues[3][o]",
        "q12 = queues[12]",
        "lr = lost[0]",
    ]
    assert bound(["q12[r] + o3"], known) == []


def test_sums_of_the_network_bind_what_they_read() -> None:
    known: set[str] = set()
    lines = bound(["n0 > 0 and q5[r]"], known)
    assert lines.index("q6 = queues[6]") < lines.index("n0 = 0.0")
    assert {"n0", "q5", "q6", "w0"} <= known


def test_refusals_are_one_test_without_reasons_and_told_with_them() -> None:
    items = [Refusal("not q2[r]", 1), Refusal("q5[r] > 1", 9, "q5[r]"), "v = 1.0"]
    assert rendered(items, 3, reasons=False) == [
        "if not q2[r] or q5[r] > 1:",
        "    continue",
        "v = 1.0",
    ]
    told = rendered(items, 3, reasons=True)
    assert told[:4] == ["if not q2[r]:", "    lr[k] = 1", "    li[k] = 3", "    continue"]
    assert "    lv[k] = q5[r]" in told
