// Decisions as they are made. Rule of this file: the newest of the node that this page reads, as the stream tells
// them; older ones, and those of other nodes, are found by their call on the page that explains.

import { h } from "../dom.js";
import { instant, number, short } from "../formats.js";
import { callLink, head, leaderOnly, names, numbers, siteLink } from "../page_parts.js";
import { address } from "../router.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";

const LEVELS = { move: "note", redirect: "note", network_queue: "note", callback: "note", to_handler: "note", deadline: "warn", reject: "warn" };
const CHOICES = ["", "move", "stay", "network_queue", "callback", "to_handler", "redirect", "reject", "cancelled"];

/** An outcome as a state; what leaves a caller at home is nothing to look at. */
export function outcomeBadge(decision) {
  return badge(LEVELS[decision.outcome] ?? "unknown", word("outcome", decision.outcome));
}

/** The rule that decided. */
export function ruleOf(decision) {
  return decision.rules.find(([, fate]) => fate === "decided")?.[0] ?? decision.reason ?? "";
}

export function open(visit) {
  const only = leaderOnly();
  const chosen = h("select", { "aria-label": t("decisions.outcome"), onchange: () => draw() },
    CHOICES.map((one) => h("option", { value: one }, one ? word("outcome", one) : t("decisions.all"))));
  chosen.value = visit.query.outcome ?? "";
  const holds = h("button", { type: "button", "aria-pressed": "false", onclick: () => hold() }, t("decisions.hold"));
  const shown = table({
    id: "decisions", caption: t("decisions.title"), key: (row) => row.decision_id, sort: "at", empty: t("decisions.none"), columns: columns(),
    tools: [chosen, holds], open: (row) => { location.hash = address("explain", row.decision_id).slice(1); },
  });
  let held = null;
  const all = () => held ?? store.all("decision");
  const draw = () => {
    only.draw();
    shown.update(all().filter((one) => !chosen.value || one.outcome === chosen.value));
  };
  const hold = () => {
    held = held ? null : store.all("decision");
    holds.setAttribute("aria-pressed", String(Boolean(held)));
    draw();
  };
  visit.live(["decision", "status"], () => held || draw());
  return h("div", {}, head(t("decisions.title"), t("decisions.lead"), h("a", { class: "button", href: address("explain") }, t("explain.find"))), only.node, shown.node);
}

function columns() {
  return [
    { id: "at", label: t("decisions.at"), first: "down", value: (row) => row.at_unix_s, cell: (row) => h("span", { class: "once" }, instant(row.at_unix_s)) },
    { id: "call", label: t("calls.call"), value: (row) => row.interaction_id, cell: (row) => callLink(row.decision_id, short(row.interaction_id)) },
    names("service", t("network_queue.service"), (row) => row.service),
    { id: "from", label: t("calls.from"), value: (row) => row.origin_site, cell: (row) => (row.origin_site.startsWith("(") ? row.origin_site : siteLink(row.origin_site)) },
    { id: "outcome", label: t("decisions.outcome"), kind: "state", value: (row) => word("outcome", row.outcome), cell: outcomeBadge },
    names("to", t("calls.to"), (row) => [row.target_site || row.handler, row.queue, row.agent].filter(Boolean).join(" / ")),
    names("rule", t("decisions.rule"), ruleOf),
    names("policy", t("decisions.policy"), (row) => [row.policy, row.policy_version || ""].join(" ")),
    { id: "mode", label: t("decisions.mode"), value: (row) => (row.mode === "live" ? "" : word("mode", row.mode)) },
    numbers("candidates", t("decisions.candidates"), (row) => row.candidates.length),
    numbers("took", t("decisions.took"), (row) => row.took_s, { cell: (row) => `${number(row.took_s * 1000, 1)} ms` }),
  ];
}
