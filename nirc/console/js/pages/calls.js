// Calls in motion: asked about, offered, on their way. Rule of this file: a call stands here from its route
// request to the end of its move; what it became is told by its decision.

import { h } from "../dom.js";
import { number, short } from "../formats.js";
import { ages, callLink, figures, head, leaderOnly, names, sites } from "../page_parts.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";

export function open(visit) {
  const only = leaderOnly();
  const sums = figures([{ id: "calls", label: t("calls.now") }, { id: "flows", label: t("calls.flows") }, { id: "per_minute", label: t("overview.moved") }]);
  const shown = table({ id: "calls", caption: t("calls.title"), key: (row) => row.request_id, sort: "age", empty: t("calls.none"), columns: columns() });
  const draw = () => {
    const all = store.all("call");
    const flows = store.flows();
    sums.set("calls", number(all.length));
    sums.set("flows", number(flows.length));
    sums.set("per_minute", number(flows.reduce((sum, one) => sum + one.per_minute, 0)));
    shown.update(all);
    only.draw();
  };
  visit.live(["call", "decision", "status"], draw);
  visit.every(1, draw);
  return h("div", {}, head(t("calls.title"), t("calls.lead")), only.node, sums.node, shown.node);
}

function columns() {
  return [
    { id: "call", label: t("calls.call"), value: (row) => row.interaction_id, cell: (row) => callLink(row.interaction_id, short(row.interaction_id)) },
    sites("from", t("calls.from"), (row) => row.origin_site),
    sites("to", t("calls.to"), (row) => row.target_site),
    names("queue", t("queues.queue"), (row) => row.queue),
    names("agent", t("agents.agent"), (row) => row.agent),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => word("call_state", row.state), cell: (row) => badge("note", word("call_state", row.state)) },
    ages("age", t("calls.age"), "age_s"),
  ];
}
