async names => {
    // Everything of the store is called by each of these names; the live stream says nothing meanwhile.
    const { store } = await import("/console/js/store.js");
    const now_unix_s = Date.now() / 1000;
    const of = {
        sites: name => ({
            site: name, liveness: "alive", linked: true, usable: true, tier: 0, waiting_count: 1, ready_count: 1,
            busy_count: 0, state_age_s: 1, outages: [],
        }),
        queues: name => ({
            site: name, queue: name, open: true, accepting: true, staffed_count: 1, ready_count: 1, waiting_count: 1,
            ewt_by: name, ewt_s: 1, oldest_wait_s: 1,
        }),
        agents: name => ({ site: name, agent: name, state: name, in_state_s: 1, queues: [name] }),
        alarms: name => ({
            code: name, place: name, text: name, since_unix_s: now_unix_s, acknowledged_by: name,
            acknowledged_reason: name, acknowledged_at_unix_s: 1,
        }),
        calls: name => ({
            request_id: name, interaction_id: name, origin_site: name, target_site: name, queue: name, agent: name,
            state: name, age_s: 1,
        }),
        queue_entries: name => ({
            entry_id: name, interaction_id: name, service: name, site: name, queue: name, priority: 1, position: 1,
            waited_s: 1, state: name, kind: name,
        }),
        decisions: name => ({
            decision_id: name, outcome: "move", origin_site: name, target_site: names[0], at_unix_s: now_unix_s,
        }),
    };
    const every = Object.entries(of).map(([list, make]) => [list, names.map(make)]);
    store.apply("reset", Object.fromEntries(every));
}
