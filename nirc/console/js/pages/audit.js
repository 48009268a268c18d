// Who did what by the API of any node. Rule of this file: it shows; nothing here can be changed.

import * as api from "../api.js";
import { h, name, put } from "../dom.js";
import { instant } from "../formats.js";
import { head, names } from "../page_parts.js";
import { problemView } from "../problem.js";
import { badge } from "../states.js";
import { table } from "../table.js";
import { t } from "../texts.js";

const LOOK_S = 3;

export async function open(visit) {
  const failed = h("div");
  const partly = h("p", { class: "remark leaderonly", hidden: true }, t("audit.one_node"));
  const shown = table({ id: "audit", caption: t("audit.title"), key: (row) => `${row.at_unix_s} ${row.node} ${row.act} ${row.path}`, sort: "at", empty: t("audit.none"), columns: columns() });
  const look = async () => {
    try {
      const told = await api.get("/audit", { limit: 500 });
      shown.update(told.acts);
      partly.hidden = told.all_nodes !== false;
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  return h("div", {}, head(t("audit.title"), t("audit.lead")), failed, partly, shown.node);
}

function columns() {
  return [
    { id: "at", label: t("decisions.at"), first: "down", value: (row) => row.at_unix_s, cell: (row) => h("span", { class: "once" }, instant(row.at_unix_s)) },
    names("author", t("audit.author"), (row) => row.author || row.who),
    names("act", t("audit.act"), (row) => row.act),
    { id: "path", label: t("audit.path"), kind: "wide", value: (row) => row.path, cell: (row) => name(row.path, { class: "name code" }) },
    { id: "reason", label: t("dialog.reason"), kind: "prose", value: (row) => row.reason, cell: (row) => name(row.reason, { class: "name wrap" }) },
    { id: "status", label: t("audit.status"), kind: "state", value: (row) => row.status, sign: (row) => `${row.status} ${row.problem}`, cell: status },
    names("node", t("alarms.node"), (row) => row.node),
    names("remote", t("audit.remote"), (row) => row.remote),
  ];
}

function status(row) {
  return row.status < 400 ? badge("good", t("audit.done")) : badge("warn", `${row.status} ${row.problem}`.trim());
}
