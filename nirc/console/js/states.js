// What state looks like. Rule of this file: always a shape and a word besides the colour, and colour only for
// what departs from normal: a quiet network is a quiet page.

import { h } from "./dom.js";
import { t, word } from "./texts.js";

/** `level` is good | note | warn | bad | unknown. */
export function badge(level, text, tip = "") {
  return h("span", { class: `badge ${level}`, title: tip || null }, shape(level), h("span", { dir: "auto" }, text));
}

/** The shape alone, where a word stands beside it. */
export function shape(level) {
  return h("span", { class: `shape ${level}`, "aria-hidden": "true" });
}

/** How a site is: `{level, text}`, the worst first. */
export function siteHealth(site) {
  if (site.liveness === "dead") return { level: "bad", text: word("liveness", "dead") };
  if (site.liveness === "unknown") return { level: "unknown", text: word("liveness", "unknown") };
  if (!site.linked) return { level: "bad", text: t("sites.not_linked") };
  if (site.liveness === "suspect") return { level: "warn", text: word("liveness", "suspect") };
  if (site.tier >= 1) return { level: site.tier === 3 ? "bad" : "warn", text: word("tier", site.tier) };
  if (!site.usable) return { level: "warn", text: t("sites.not_used") };
  return { level: "good", text: word("liveness", site.liveness) };
}

/** How a queue is. */
export function queueHealth(queue) {
  if (!queue.open) return { level: "unknown", text: t("queues.closed") };
  if (!queue.accepting) return { level: "warn", text: t("queues.not_accepting") };
  if (queue.staffed_count === 0) return { level: "warn", text: t("queues.unstaffed") };
  return { level: "good", text: t("queues.open") };
}

const AGENT_LEVELS = { ready: "good", reserved: "note", busy: "note", working_after_call: "note" };

/** An agent's state. */
export function agentBadge(state) {
  return badge(AGENT_LEVELS[state] ?? "unknown", word("agent_state", state));
}

/** `{level, text}` as a badge. */
export function healthBadge(health, tip = "") {
  return badge(health.level, health.text, tip);
}
