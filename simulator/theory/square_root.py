"""Square-root staffing: load plus a multiple of its root, and what that gives in the limit.

Rule of this file: approximations for large groups, each with its source; exact values stand in
`erlang_c` and `erlang_a`.
"""

from __future__ import annotations

from math import ceil, erfc, exp, lgamma, log, pi, sqrt


def normal_below(x: float) -> float:
    """Standard normal distribution function."""
    return 0.5 * erfc(-x / sqrt(2.0))


def normal_hazard(x: float) -> float:
    """Standard normal density over the chance to lie above."""
    if x > 30.0:
        return x + 1.0 / x
    return exp(-0.5 * x * x) / sqrt(2.0 * pi) / normal_below(-x)


def agents(load: float, beta: float) -> int:
    """load + beta sqrt(load), rounded up: the square-root rule (Halfin and Whitt 1981, Operations
    Research 29(3); Borst, Mandelbaum and Reiman 2004, Operations Research 52(1)).

    >>> agents(100.0, 0.5)
    105
    """
    return max(0, ceil(load + beta * sqrt(load) - 1e-9))


def waiting_share(beta: float) -> float:
    """Chance to wait without abandonment, beta > 0: Halfin and Whitt 1981.

    >>> round(waiting_share(0.5), 3)
    0.505
    """
    return 1.0 / (1.0 + beta * normal_below(beta) / (normal_hazard(beta) * normal_below(-beta)))


def waiting_share_impatient(beta: float, aht_over_patience: float) -> float:
    """Chance to wait with exponential patience, any beta: Garnett, Mandelbaum and Reiman 2002,
    Theorem 4."""
    root = sqrt(aht_over_patience)
    return 1.0 / (1.0 + root * normal_hazard(beta / root) / normal_hazard(-beta))


def abandonment(beta: float, aht_over_patience: float, servers: int) -> float:
    """Share given up: the same theorem."""
    root = sqrt(aht_over_patience)
    given_waiting = root * normal_hazard(beta / root) - beta
    share = waiting_share_impatient(beta, aht_over_patience)
    return max(0.0, share * given_waiting / sqrt(servers))


def agents_poisson(load: float, waiting_share_max: float) -> int:
    """Fewest n with P(N >= n) at most this, N Poisson with mean `load`: as if there were always an
    agent (Jennings, Mandelbaum, Massey and Whitt 1996, Management Science 42(10)), the rule for
    loads that change over the day, with the load that then stands in `load`.

    >>> agents_poisson(10.0, 0.2)
    14
    """
    below, count = 0.0, 0
    while 1.0 - below > waiting_share_max:
        below += exp(count * log(load) - load - lgamma(count + 1.0))
        count += 1
    return count
