// Reads the live stream, through whichever node answers. Rule of this file: silence is the only fault it
// knows: a stream that ends, and one that says nothing while its node does not answer either, are the same,
// and the next node is asked at once. It follows the leader, who alone tells what is decided and moving.

import { API } from "./api.js";
import * as nodes from "./nodes.js";
import * as session from "./session.js";

const QUIET_MS = 1500;
const PING_MS = 700;
const OPEN_MS = 1500;
const AGAIN_MS = 400;
const FOLLOW_AGAIN_MS = 3000;

export class Stream {
  /** `told(event, data)` for each event, `changed(state)` when the state of the connection has changed. */
  constructor(store, changed) {
    this.store = store;
    this.changed = changed;
    this.state = { phase: "reaching", url: nodes.here(), left: "", since_ms: performance.now() };
    this.lastId = "";
    this.heard_ms = performance.now();
    this.followed_ms = -Infinity;
    this.stopped = false;
    this.abort = new AbortController();
  }

  /** Read until `stop`. */
  async run() {
    while (!this.stopped) {
      const url = nodes.order()[0];
      await this.read(url);
      if (this.stopped) return;
      if (this.leaving === url) this.leaving = "";
      else {
        nodes.rest(url);
        const lost = nodes.all().every((one) => nodes.rests(one.url));
        this.become(lost ? "lost" : "silent", url);
        if (lost) await new Promise((done) => setTimeout(done, AGAIN_MS));
      }
    }
  }

  stop() {
    this.stopped = true;
    this.abort.abort();
  }

  async read(url) {
    this.abort = new AbortController();
    const watch = setInterval(() => this.watch(url), 250);
    this.heard_ms = performance.now();
    this.opened = false;
    try {
      const headers = { Authorization: `Bearer ${session.token()}` };
      if (this.lastId) headers["Last-Event-ID"] = this.lastId;
      const asked = { headers, cache: "no-store", signal: this.abort.signal };
      const response = await fetch(`${url}${API}/events`, asked);
      if (response.status === 401) return void session.lost();
      if (!response.ok) return;
      this.opened = true;
      await this.take(response.body.getReader(), url);
    } catch {
      // Broken off or given up: the next node is asked.
    } finally {
      clearInterval(watch);
      this.abort.abort();
    }
  }

  async take(reader, url) {
    const decoder = new TextDecoder();
    let text = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      this.heard_ms = performance.now();
      this.state.heard_ms = this.heard_ms;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) this.event(block);
      if (this.state.phase !== "live" || this.state.url !== url) {
        nodes.prefer(url);
        this.become("live", url);
      }
      this.follow(url);
    }
  }

  event(block) {
    const found = { event: "", data: "" };
    for (const line of block.split("\n")) {
      const [field, ...rest] = line.split(":");
      const value = rest.join(":").replace(/^ /, "");
      if (field === "id") this.lastId = value;
      else if (field === "event") found.event = value;
      else if (field === "data") found.data += value;
    }
    if (found.event && found.data) this.store.apply(found.event, JSON.parse(found.data));
  }

  /** Whether the node that is silent answers at all: a quiet network says little. */
  async watch(url) {
    const quiet_ms = performance.now() - this.heard_ms;
    if (!this.opened) {
      if (quiet_ms > OPEN_MS) this.abort.abort();
      return;
    }
    if (quiet_ms < QUIET_MS || this.pinging) return;
    this.pinging = true;
    const abort = this.abort;
    try {
      // Its answer says nothing that counts, but that there is one.
      await fetch(`${url}/healthz`, { mode: "no-cors", cache: "no-store", signal: AbortSignal.timeout(PING_MS) });
      this.heard_ms = performance.now();
    } catch {
      abort.abort();
    } finally {
      this.pinging = false;
    }
  }

  follow(url) {
    const leader = this.store.leader();
    const own = this.store.status?.node;
    const other = nodes.urlOf(leader);
    const linked = this.store.status?.peers_linked.includes(leader);
    const soon = performance.now() - this.followed_ms < FOLLOW_AGAIN_MS;
    if (!leader || leader === own || !other || other === url || !linked || soon || nodes.rests(other)) return;
    this.followed_ms = performance.now();
    this.leaving = url;
    nodes.prefer(other);
    this.abort.abort();
  }

  become(phase, url) {
    const before = this.state;
    const left = phase === "live" ? before.left : before.phase === "live" ? before.url : before.left;
    this.state = { ...before, phase, url, left, since_ms: performance.now() };
    this.changed(this.state);
  }
}
