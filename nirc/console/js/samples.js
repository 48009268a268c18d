// The last ten minutes of a few figures, for small curves. Rule of this file: bounded, of what this page has
// seen itself; what a node keeps of the day is asked from its history.

export const SAMPLE_S = 2;
const POINTS_MAX = 300;

export class Samples {
  constructor() {
    this.curves = new Map();
  }

  /** Points of a figure, oldest first, such as `of("site", "lisbon", "waiting")`. */
  of(kind, key, figure) {
    return this.curves.get(`${kind} ${figure} ${key}`) ?? [];
  }

  /** One look at a store. */
  take(store) {
    const total = { ready: 0, busy: 0, waiting: 0 };
    for (const one of store.all("site")) {
      this.add("site", one.site, "ready", one.ready_count);
      this.add("site", one.site, "busy", one.busy_count);
      this.add("site", one.site, "waiting", one.waiting_count);
      total.ready += one.ready_count;
      total.busy += one.busy_count;
      total.waiting += one.waiting_count;
    }
    for (const one of store.all("queue")) {
      this.add("queue", `${one.site}/${one.queue}`, "waiting", one.waiting_count);
      this.add("queue", `${one.site}/${one.queue}`, "ready", one.ready_count);
    }
    for (const [figure, value] of Object.entries(total)) this.add("network", "", figure, value);
    this.add("network", "", "queue", store.maps.queue_entry.size);
    this.add("network", "", "moved", store.flows().reduce((sum, one) => sum + one.per_minute, 0));
  }

  add(kind, key, figure, value) {
    const name = `${kind} ${figure} ${key}`;
    const points = this.curves.get(name) ?? [];
    points.push(value);
    if (points.length > POINTS_MAX) points.shift();
    this.curves.set(name, points);
  }
}
