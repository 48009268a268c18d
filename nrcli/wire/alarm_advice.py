"""What to do about each alarm of a node, in one line; the runbook says more.

Rule of this file: data only; a test compares its codes with those of the runbook.
"""

ADVICE = {
    "alarm_rule_failed": "a mistake of ours, or a rule with too many places: the node's log says "
    "which; other rules go on",
    "black_hole": "ring it yourself: a phone, a queue's script or a trunk ends calls; it comes "
    "back by itself once it works",
    "black_holes_many": "look for what they share: a carrier, an announcement, a service that is "
    "short by nature",
    "control_in_force": "it ends by itself; `nrcli controls` shows all, `nrcli controls end ID` "
    "ends one",
    "cti_silent": "look at the CTI and the way to its site agent; its site serves its own callers, "
    "nobody is sent there",
    "documents_wrong": "the last good set is used: put a good one with `nrcli documents put`",
    "epoch_above_ours": "wait a minute: the generation is raised; was etcd wiped or restored?",
    "etcd_slow": "look at the disks of etcd's members; move the slow one away, publish nothing",
    "etcd_unreachable": "bring a majority of etcd's members back; restart no node",
    "fault": "a mistake of ours: report the details in the node's log",
    "leader_cut_from_sites": "look at the network between that node and the sites that it names",
    "leading_without_etcd": "bring a majority of etcd's members back; stop no node until then",
    "lending_off": "that site's own people lend nobody: ask them; `site-agent lending on` there "
    "ends it",
    "network_queue_full": "bring agents in, or send callers elsewhere sooner; the bound stands in "
    "the node's settings",
    "no_leader": "is etcd in reach, and does a node run that does not drain?",
    "node_down": "look at that node's process and log, start it again; nothing is urgent",
    "node_slow": "look at what else runs on that host; drain the node if it leads",
    "notices_not_taken": "mend what it names, then `nrcli alarms test-notify`; it is tried on "
    "meanwhile",
    "path_probe_failed": "mend what it names, then `nrcli probe PATH`; twice bad takes a path out",
    "pbx_unknown_name": "correct the name in that site's file, or add it in its PBX; the text says "
    "which; queues that are none of NIRC's go into `acd.other_queues`",
    "pbx_unreached": "look at that site's PBX and what the alarm names; its callers are served by "
    "the PBX alone",
    "policy_failed": "go back to the version before: `nrcli policy rollback NAME`; report it",
    "pre_route_default": "is there a leader (`nrcli status`)? edges' calls go to the plan's entry "
    "sites meanwhile",
    "pre_route_group_unknown": "correct `trunk_group` of that edge in the node's settings, or add "
    "the row to the SiteTable",
    "records_lost": "give the node room: its disk, `redis.records_spool_bytes_max`; bring Redis "
    "back",
    "records_missing": "was a site agent or a node killed, or Redis emptied? figures of that time "
    "lack these records",
    "records_not_kept": "start `nirc records keep`, or look at its log and its disk",
    "redis_away": "mend Redis; restart nothing",
    "shift_given_up": "calls go as before the shift; look at agents and waits where it led, "
    "and begin a smaller one",
    "site_down": "look at its site agent's process and log, then at the network between",
    "site_documents_too_large": "shorten the tenant's number lists, or write prefixes there",
    "site_speaks_for_another": "do two sites have one certificate?",
    "state_refused": "upgrade the older side, then look at the site agent's log",
    "unresolved_move": "is the target down? ask both sites what became of the call",
}


def advice_for(code: str) -> str:
    """What to do; for a code that is newer than this program, where to look."""
    return ADVICE.get(code, "see docs/operating.md")
