"""All figures of reports, in the order of their columns.

Rule of this file: a table. How a figure is worked out stands in `figures`; names are stable, and
new ones are added where they belong.
"""

from __future__ import annotations

from nrcli.reports import figures as f
from nrcli.reports.figures import AGENTS, CALLS, EVERYWHERE, TRUNKS, Figure
from nrcli.reports.places import By

SITES = frozenset({By.NETWORK, By.TENANT, By.SITE, By.QUEUE, By.SERVICE})
OWN, E423, E600 = "", "ITU-T E.423", "ITU-T E.600"
ECMA = "ECMA-269"


BALANCE = (
    Figure(
        "offered", "Offered", "calls",
        "Callers who came into a queue here, moved in ones too. A move within the place is none.",
        f.count("offered"), CALLS, E600,
    ),
    Figure(
        "moved_in", "Moved in", "calls",
        "Of `offered`, those that another place moved here.",
        f.count("moved_in"), CALLS,
    ),
    Figure(
        "answered", "Answered", "calls",
        "An agent of this place answered.",
        f.count("answered"), EVERYWHERE, E423,
    ),
    Figure(
        "abandoned", "Abandoned", "calls",
        "The caller gave up waiting here. Being moved is never an abandon.",
        f.count("abandoned"), CALLS, E423,
    ),
    Figure(
        "abandoned_short", "Short abandons", "calls",
        "Of `abandoned`, those who waited less than the short abandon (5 s), told apart.",
        f.count("abandoned_short"), CALLS,
    ),
    Figure(
        "moved_out", "Moved out", "calls",
        "Another place has the caller now.",
        f.count("moved_out"), CALLS,
    ),
    Figure(
        "redirected", "Redirected", "calls",
        "Sent to a voicemail or the like, or to an outside number.",
        f.count("redirected"), CALLS,
    ),
    Figure(
        "failed", "Failed", "calls",
        "Ended by no person's will, `no_answer` and `refused` included.",
        f.count("failed"), CALLS,
    ),
    Figure(
        "no_answer", "No answer", "calls",
        "Of `failed`: the carrier's timer ended a call that nobody had answered.",
        f.count("no_answer"), CALLS, "ITU-T Q.850, causes 18, 19, 102",
    ),
    Figure(
        "refused", "Refused", "calls",
        "Of `failed`: a policy or a closing queue turned away who was in a queue.",
        f.count("refused"), CALLS,
    ),
    Figure(
        "callbacks", "Callbacks promised", "calls",
        "Let go with the promise to be called back.",
        f.count("callbacks"), SITES,
    ),
    Figure(
        "still_waiting", "Still waiting", "calls",
        "Waiting at the end of the interval less waiting at its beginning.",
        f.still_waiting, CALLS,
    ),
    Figure(
        "waiting_at_end", "Waiting at the end", "calls",
        "Callers who waited when the interval ended.",
        f.count("waiting_last"), CALLS,
    ),
    Figure(
        "out_of_balance", "Out of balance", "calls",
        "`offered` less (`answered` + `abandoned` + `moved_out` + `redirected` + `failed` + "
        "`callbacks` + `still_waiting`); 0 unless records contradict one another.",
        f.out_of_balance, CALLS,
    ),
)  # fmt: skip
SERVICE = (
    Figure(
        "answered_rate", "Answered rate", "share",
        "`answered` / (`answered` + `abandoned` + `failed` - `abandoned_short`).",
        f.answered_rate, CALLS, E423, "80 % at least, 85 % advised",
    ),
    Figure(
        "abandonment", "Abandonment", "share",
        "(`abandoned` - `abandoned_short`) / (`answered` + `abandoned` + `failed` - "
        "`abandoned_short`).",
        f.abandonment, CALLS, E423,
    ),
    Figure(
        "service_level_ignore", "Service level, abandoned ignored", "share",
        "Answered in time / (`answered` + `abandoned` + `failed` - abandoned in time).",
        f.level("ignore"), CALLS, E423, "80 % in 20 s",
    ),
    Figure(
        "service_level_negative", "Service level", "share",
        "Answered in time / (`answered` + `abandoned` + `failed`).",
        f.level("negative"), CALLS, E423, "80 % in 20 s",
    ),
    Figure(
        "service_level_positive", "Service level, abandoned as served", "share",
        "(Answered in time + abandoned in time) / (`answered` + `abandoned` + `failed`).",
        f.level("positive"), CALLS, E423, "80 % in 20 s",
    ),
    Figure(
        "asa_s", "Speed of answer", "s",
        "Mean wait of `answered`, from the first queue of the network.",
        f.mean_s("answer_wait_us", "answered"), EVERYWHERE, E423,
    ),
    Figure(
        "wait_mean_s", "Wait, mean", "s",
        "Mean wait of `answered`, `abandoned` and `failed`.",
        f.wait_mean_s, CALLS, E423,
    ),
    Figure(
        "wait_max_s", "Wait, longest", "s",
        "The longest of the same waits.",
        f.wait_max_s, CALLS,
    ),
    Figure(
        "abandon_mean_s", "Time to abandon", "s",
        "Mean wait of `abandoned` who were not short abandons.",
        f.abandon_mean_s, CALLS, E423,
    ),
    Figure(
        "ewt_error_mean_s", "Expected wait, mean error", "s",
        "Mean of (expected on coming in - waited) of answered calls that were not moved; above 0: "
        "callers were told too much.",
        f.mean_s("ewt_error_us", "ewt_count"), CALLS,
    ),
    Figure(
        "ewt_error_abs_s", "Expected wait, mean size of error", "s",
        "Mean of the same without its sign.",
        f.mean_s("ewt_size_us", "ewt_count"), CALLS,
    ),
    Figure(
        "callbacks_reached", "Called back", "calls",
        "Promises to call back that ended with an agent who talked.",
        f.count("callbacks_reached"), SITES,
    ),
    Figure(
        "callbacks_given_up", "Not reached", "calls",
        "Promises that ended without.",
        f.count("callbacks_given_up"), SITES,
    ),
)  # fmt: skip
WORK = (
    Figure(
        "handled", "Handled", "calls",
        "Talks of agents of this place that ended; one call passed on is two.",
        f.count("handled"), EVERYWHERE,
    ),
    Figure(
        "handled_foreign", "Handled for others", "calls",
        "Of `handled`, callers who had entered the network at another site.",
        f.count("handled_foreign"), EVERYWHERE,
    ),
    Figure(
        "talk_s", "Talk time", "s", "Mean talk of `handled`, without hold.",
        f.mean_s("talk_us", "handled"), EVERYWHERE,
    ),
    Figure(
        "hold_s", "Hold time", "s", "Mean time on hold of `handled`.",
        f.mean_s("hold_us", "handled"), EVERYWHERE,
    ),
    Figure(
        "acw_s", "After-call work", "s", "Mean after-call work of `handled`.",
        f.mean_s("acw_us", "handled"), EVERYWHERE, OWN, "30 to 60 s advised",
    ),
    Figure(
        "aht_s", "Handle time", "s", "Mean of talk, hold and after-call work of `handled`.",
        f.handle_s, EVERYWHERE, E423,
    ),
    Figure(
        "transfers", "Transfers", "calls",
        "Of `handled`, calls that the agent passed on.",
        f.count("passed_on"), EVERYWHERE,
    ),
    Figure(
        "transfer_rate", "Transfer rate", "share", "`transfers` / `handled`.",
        f.portion("passed_on", "handled"), EVERYWHERE,
    ),
    Figure(
        "rings_unanswered", "Rings without answer", "rings",
        "Rings that an agent of this place left without an answer.",
        f.count("rings_unanswered"), EVERYWHERE,
    ),
    Figure(
        "first_contact_proxy", "First-contact resolution (proxy)", "share",
        "Of answered callers who showed their number, those who did not call the same service "
        "again within N days (7); contacts younger than that are not judged.",
        f.first_contact, CALLS,
    ),
    Figure(
        "cost_per_call", "Cost per call", "money",
        "Tariffs of the paths by which callers left, / `answered`.",
        f.cost_per_call, CALLS,
    ),
)  # fmt: skip
TIME = (
    Figure(
        "agents_mean", "Agents signed in", "agents",
        "Time signed in / length of the interval.",
        f.over_time("signed_in_us"), AGENTS, ECMA,
    ),
    Figure(
        "occupancy", "Occupancy", "share",
        "(Talk + hold + after-call work + ring) / (signed in - not ready), of agents' time.",
        f.occupancy, AGENTS, ECMA,
    ),
    Figure(
        "utilisation", "Utilisation", "share",
        "(Talk + hold + after-call work) / signed in, of agents' time.",
        f.utilisation, AGENTS, ECMA,
    ),
    Figure(
        "adherence", "Schedule adherence", "share",
        "Scheduled time in which the agent did as scheduled / scheduled time. Only with an "
        "imported schedule.",
        f.portion("adhered_us", "scheduled_us"), AGENTS,
    ),
)  # fmt: skip
TRUNK = (
    Figure(
        "blocked", "Blocked", "calls",
        "Turned away before any queue, at our edge. What the carrier blocks cannot be seen.",
        f.count("blocked"), CALLS, E600,
    ),
    Figure(
        "blocking", "Blocking", "share",
        "`blocked` / (`blocked` + `offered` - `moved_in`): call congestion.",
        f.blocking, CALLS, E600,
    ),
    Figure(
        "trunk_seized", "Channels seized", "calls",
        "Calls and moves that took a channel.",
        f.count("trunk_seized"), TRUNKS, E600,
    ),
    Figure(
        "trunk_used_mean", "Channels used, mean", "channels",
        "Channels in use, averaged over time: traffic carried, in erlangs.",
        f.over_time("trunk_used_us"), TRUNKS, E600,
    ),
    Figure(
        "trunk_used_most", "Channels used, most", "channels",
        "Most channels in use at once in one group; of several groups the largest.",
        f.count("trunk_used_most"), TRUNKS,
    ),
    Figure(
        "all_trunks_busy_s", "All trunks busy", "s",
        "Time in which no channel of a group was free: time congestion. Of several groups the sum.",
        f.total_s("trunk_all_busy_us"), TRUNKS, E600,
    ),
)  # fmt: skip
GROUPS = {
    "Calls": BALANCE,
    "Service": SERVICE,
    "Work": WORK,
    "Agents": TIME,
    "Trunks": TRUNK,
}
FIGURES: dict[str, Figure] = {one.name: one for group in GROUPS.values() for one in group}


def figures_of(by: By) -> tuple[Figure, ...]:
    """Those that a report by these places shows."""
    return tuple(one for one in FIGURES.values() if by in one.of)
