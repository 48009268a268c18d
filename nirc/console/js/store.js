// What the network looks like now, for every page. Rule of this file: one writer, `apply`, which is fed by
// the live stream; pages read and are told. Whatever only grows older runs on here, as the stream says.

import { Samples } from "./samples.js";

export const KINDS = ["status", "site", "queue", "agent", "call", "queue_entry", "decision", "alarm", "documents"];
const LISTS = {
  site: "sites", queue: "queues", agent: "agents", call: "calls", queue_entry: "queue_entries",
  decision: "decisions", alarm: "alarms",
};
const KEYS = {
  site: (one) => one.site,
  queue: (one) => `${one.site}/${one.queue}`,
  agent: (one) => `${one.site}/${one.agent}`,
  call: (one) => one.request_id,
  queue_entry: (one) => one.entry_id,
  decision: (one) => one.decision_id,
  alarm: (one) => `${one.code}/${one.place}`,
};
const DECISIONS_MAX = 1000;
const FLOW_S = 60;

class Store {
  constructor() {
    this.maps = Object.fromEntries(Object.keys(LISTS).map((kind) => [kind, new Map()]));
    this.status = null;
    this.documents = null;
    this.skipped = 0;
    this.samples = new Samples();
    this.clockAhead_s = Infinity;
    this.heard = new WeakMap();
    this.watchers = new Set();
    this.changed = new Set();
    this.drawing = false;
  }

  /** All of a kind, in the order in which they became known. */
  all(kind) {
    return [...this.maps[kind].values()];
  }

  /** One of a kind by its key; undefined where it is not, or no more. */
  one(kind, key) {
    return this.maps[kind].get(key);
  }

  /** Everything of a kind that is at a site. */
  at(kind, site) {
    return this.all(kind).filter((one) => one.site === site);
  }

  /** A field that grows older, as it is at this moment. */
  aged(record, field) {
    const value = record[field];
    return value === null || value === undefined ? null : value + this.heardFor(record);
  }

  /** How long ago something was told, in seconds. */
  heardFor(record) {
    return (performance.now() - (this.heard.get(record) ?? performance.now())) / 1000;
  }

  /** One event of the stream. */
  apply(event, data) {
    if (event === "reset") this.reset(data);
    else if (event === "gone") this.maps[data.kind]?.delete(data.key);
    else if (event === "skipped") this.skipped += data.count;
    else if (event === "status" || event === "documents") this[event] = this.keep(data);
    else if (event in LISTS) this.add(event, data);
    else return; // A newer node tells more than this page knows.
    const kinds = event === "reset" ? KINDS : [event === "gone" || event === "skipped" ? data.kind : event];
    for (const kind of kinds) this.changed.add(kind);
    this.tell();
  }

  /** `draw` when one of these kinds has changed, a few times a second at most. The answer ends that. */
  on(kinds, draw) {
    const watcher = { kinds: new Set(kinds), draw };
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Callers per minute that were sent from one site to another: `[{from, to, per_minute}]`. */
  flows() {
    const since = Date.now() / 1000 - (Number.isFinite(this.clockAhead_s) ? this.clockAhead_s : 0) - FLOW_S;
    const counts = new Map();
    for (const one of this.maps.decision.values()) {
      if (one.outcome !== "move" || one.at_unix_s < since || one.mode === "shadow" || !one.target_site) continue;
      const key = JSON.stringify([one.origin_site, one.target_site]);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].map(([key, count]) => {
      const [from, to] = JSON.parse(key);
      return { from, to, per_minute: count * (60 / FLOW_S) };
    });
  }

  /** Who leads the first domain; empty while nobody does. */
  leader() {
    return this.status?.domains.find((one) => one.leader)?.leader ?? "";
  }

  /** Look at everything once, for the small curves. */
  sample() {
    this.samples.take(this);
  }

  reset(data) {
    for (const [kind, list] of Object.entries(LISTS)) {
      // What was decided stays decided: the next leader's list begins where the last one's ended.
      if (kind !== "decision") this.maps[kind].clear();
      for (const one of data[list] ?? []) this.add(kind, one, false);
    }
    this.status = data.status ? this.keep(data.status) : null;
    this.documents = data.documents ?? null;
  }

  add(kind, record, live = true) {
    const map = this.maps[kind];
    map.set(KEYS[kind](record), this.keep(record));
    if (kind !== "decision") return;
    if (live) this.clockAhead_s = Math.min(this.clockAhead_s, Date.now() / 1000 - record.at_unix_s);
    while (map.size > DECISIONS_MAX) map.delete(map.keys().next().value);
  }

  keep(record) {
    this.heard.set(record, performance.now());
    return record;
  }

  tell() {
    if (this.drawing) return;
    this.drawing = true;
    setTimeout(() => {
      this.drawing = false;
      const changed = this.changed;
      this.changed = new Set();
      for (const one of this.watchers) if ([...changed].some((kind) => one.kinds.has(kind))) one.draw();
    }, 120);
  }
}

export const store = new Store();
