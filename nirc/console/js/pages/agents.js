// Shared agents of all sites. Rule of this file: their states as their sites told them, in the words of ECMA-269.

import { h } from "../dom.js";
import { number } from "../formats.js";
import { ages, figures, head, names, sites } from "../page_parts.js";
import { agentBadge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";

const STATES = ["ready", "reserved", "busy", "working_after_call", "not_ready"];

/** Columns of agents; a site's page shows them without its own name. */
export function agentColumns(withSite = true) {
  return [
    names("agent", t("agents.agent"), (row) => row.agent),
    ...(withSite ? [sites("site", t("sites.site"), (row) => row.site)] : []),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => word("agent_state", row.state), cell: (row) => agentBadge(row.state) },
    ages("in_state", t("agents.in_state"), "in_state_s"),
    names("queues", t("agents.queues"), (row) => row.queues.join(", ")),
  ];
}

export function open(visit) {
  const sums = figures(STATES.map((one) => ({ id: one, label: word("agent_state", one) })));
  const shown = table({ id: "agents", caption: t("agents.title"), key: (row) => `${row.site}/${row.agent}`, empty: t("agents.none"), columns: agentColumns() });
  const draw = () => {
    const all = store.all("agent");
    for (const state of STATES) sums.set(state, number(all.filter((one) => one.state === state).length));
    shown.update(all);
  };
  visit.live(["agent"], draw);
  visit.every(1, draw);
  return h("div", {}, head(t("agents.title"), t("agents.lead")), sums.node, shown.node);
}
