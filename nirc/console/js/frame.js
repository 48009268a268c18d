// What is around every page: where one is, whether what one sees is live, what needs care. Rule of this file:
// a stale page says so before anything else on it is read.

import { h, put } from "./dom.js";
import { duration, instant } from "./formats.js";
import { showHelp } from "./keys.js";
import * as nodes from "./nodes.js";
import { GROUPS, ROUTES } from "./routes.js";
import { shape } from "./states.js";
import { t } from "./texts.js";
import * as theme from "./theme.js";
import { toastRegion } from "./toasts.js";

const MOVED_SHOWN_MS = 15000;
const QUIET_SHOWN_MS = 2500;
const COUNTS = {
  alarms: (store) => store.all("alarm").filter((one) => !one.acknowledged_by).length,
  calls: (store) => store.maps.call.size,
  "network-queue": (store) => store.maps.queue_entry.size,
};

export class Frame {
  constructor(store) {
    this.store = store;
    this.main = h("main", { id: "main", tabindex: "-1" });
    this.link = h("p", { class: "link", role: "status" });
    this.leader = h("p", { class: "leader" });
    this.clock = h("time", { class: "clock" });
    this.banner = h("div", { class: "banner", role: "alert", hidden: true });
    this.counts = new Map();
    this.nav = h("nav", { id: "nav", "aria-label": t("frame.nav") }, GROUPS.map((one) => this.group(one)));
    this.menu = h("button", { type: "button", class: "menu", "aria-controls": "nav", "aria-expanded": "false", onclick: () => this.unfold() }, t("frame.menu"));
    const skip = h("button", { type: "button", class: "skip", onclick: () => this.main.focus() }, t("frame.skip"));
    this.nodes = [skip, this.header(), this.nav, h("div", { class: "body" }, this.banner, this.main), toastRegion()];
    this.end = store.on(["status", "alarm", "call", "queue_entry"], () => this.draw());
    this.draw();
    this.tick();
  }

  header() {
    const turn = h("button", { type: "button", class: "bare", title: t("frame.theme"), "aria-label": t("frame.theme"), onclick: theme.turn }, "◐");
    const help = h("button", { type: "button", class: "bare", title: t("frame.help"), "aria-label": t("frame.help"), onclick: showHelp }, "?");
    return h("header", { class: "top" }, this.menu, h("a", { class: "product", href: "#/" }, t("frame.product")), this.link, this.leader, this.clock, turn, help);
  }

  group(name) {
    const routes = ROUTES.filter((one) => one.nav === name);
    if (!routes.length) return null;
    return h("section", {}, h("h2", {}, t(`nav.${name}`)), h("ul", {}, routes.map((one) => h("li", {}, this.item(one)))));
  }

  item(route) {
    const count = h("span", { class: "navcount" });
    this.counts.set(route.path, count);
    return h("a", { href: `#/${route.path}`, "data-path": route.path, onclick: () => this.fold() }, h("span", {}, t(route.title)), count);
  }

  /** A page was opened. */
  opened(route) {
    for (const one of this.nav.querySelectorAll("a")) {
      const path = one.dataset.path;
      const here = route && (path === route.path || (path !== "" && route.path.startsWith(`${path}/`)));
      if (here) one.setAttribute("aria-current", "page");
      else one.removeAttribute("aria-current");
    }
    this.fold();
    scrollTo(0, 0);
  }

  unfold() {
    const open = document.body.classList.toggle("unfolded");
    this.menu.setAttribute("aria-expanded", String(open));
  }

  fold() {
    document.body.classList.remove("unfolded");
    this.menu.setAttribute("aria-expanded", "false");
  }

  draw() {
    for (const [path, count] of this.counts) {
      const value = COUNTS[path]?.(this.store) ?? 0;
      put(count, value || "");
      count.classList.toggle("care", path === "alarms" && value > 0);
    }
    const leader = this.store.leader();
    const text = leader ? t("frame.leads", { node: leader }) : t("frame.nobody_leads");
    put(this.leader, leader || !this.store.status ? null : shape("bad"), this.store.status ? h("bdi", {}, text) : "");
    this.leader.classList.toggle("care", Boolean(this.store.status) && !leader);
  }

  /** Whether what one sees is live, and through which node. */
  connection(state) {
    this.state = state;
    const node = nodes.nameOf(state.url) || state.url.replace(/^https?:\/\//, "");
    const level = { live: "good", reaching: "unknown", silent: "warn", lost: "bad" }[state.phase];
    put(this.link, shape(level), h("bdi", {}, t(`link.${state.phase}`, { node })));
    this.link.className = `link ${level}`;
    document.body.classList.toggle("stale", state.phase === "silent" || state.phase === "lost");
    this.warn();
  }

  warn() {
    const state = this.state;
    if (!state) return;
    const node = nodes.nameOf(state.url) || state.url;
    const left = nodes.nameOf(state.left) || state.left;
    const for_ms = performance.now() - state.since_ms;
    const moved = state.phase === "live" && left && left !== node && nodes.rests(state.left) && for_ms < MOVED_SHOWN_MS;
    const text = state.phase === "lost" ? state.heard_ms ? t("link.lost_long", { at: this.heardAt(state) }) : t("link.lost_at_once")
      : state.phase === "silent" ? t("link.silent_long", { node })
      : moved ? t("link.moved_long", { left, node }) : "";
    const level = state.phase === "lost" ? "bad" : "warn";
    if (this.warned === text) return;
    this.warned = text;
    this.banner.hidden = !text;
    this.banner.className = `banner ${level}`;
    put(this.banner, shape(level), h("bdi", {}, text));
  }

  heardAt(state) {
    return instant(Math.floor((Date.now() - (performance.now() - state.heard_ms)) / 1000));
  }

  /** Twice a second: the clock, and how old what one sees is. */
  tick(state) {
    put(this.clock, instant(Date.now() / 1000));
    if (!state) return;
    this.warn();
    const quiet_ms = state.heard_ms ? performance.now() - state.heard_ms : 0;
    const late = state.phase === "live" && quiet_ms > QUIET_SHOWN_MS;
    this.link.title = state.heard_ms ? t("link.heard", { age: duration(quiet_ms / 1000) }) : "";
    this.link.classList.toggle("late", late);
  }

  close() {
    this.end();
  }
}
