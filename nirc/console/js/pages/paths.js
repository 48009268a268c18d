// Paths, test calls and number pools. Rule of this file: a test call rings a real site, so it is asked for by name and
// its steps are shown as they come.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { duration, number, seconds } from "../formats.js";
import { facts, head, names, numbers, panel, rowButton, sites } from "../page_parts.js";
import { problemView } from "../problem.js";
import { badge } from "../states.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { toast } from "../toasts.js";

const LOOK_S = 2;
const LEVELS = { vouched: "good", proved: "good", unproved: "unknown", too_old: "warn", failing: "bad" };
const PROBES = { good: "good", bad: "bad", reserving: "note", calling: "note" };

export async function open(visit) {
  const failed = h("div");
  const paths = table({ id: "paths", caption: t("paths.title"), key: (row) => row.path, empty: t("site.no_paths"), columns: pathColumns() });
  const probes = table({ id: "probes", caption: t("paths.probes"), filters: false, key: (row) => row.id, empty: t("paths.no_probes"), columns: probeColumns() });
  const pools = table({ id: "pools", caption: t("site.pools"), filters: false, key: (row) => `${row.site}/${row.pool}`, empty: t("paths.no_pools"), columns: poolColumns() });
  const look = async () => {
    try {
      const [told, lent] = await Promise.all([api.get("/paths"), api.get("/pools")]);
      paths.update(told.paths);
      probes.update(told.probes);
      pools.update(lent.pools);
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  return h("div", {}, head(t("paths.title"), t("paths.lead")), failed, paths.node, panel(t("paths.probes"), probes.node), panel(t("site.pools"), pools.node));
}

function pathColumns() {
  return [
    names("path", t("site.path"), (row) => row.path),
    sites("from", t("calls.from"), (row) => row.from_site),
    names("trunk", t("site.trunk_group"), (row) => row.trunk_group),
    sites("to", t("calls.to"), (row) => row.to_site),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => word("path_state", row.state), sign: (row) => `${row.state} ${row.problem}`, cell: (row) => badge(LEVELS[row.state] ?? "unknown", word("path_state", row.state), row.problem) },
    { id: "used", label: t("site.used"), value: (row) => t(row.used ? "frame.yes" : "frame.no") },
    names("methods", t("site.methods"), (row) => row.methods.map((one) => word("method", one)).join(", ")),
    numbers("p99", t("site.p99"), (row) => row.p99_s, { note: t("site.p99_note"), cell: (row) => seconds(row.p99_s) }),
    numbers("moved", t("paths.moved"), (row) => row.moved.reduce((sum, one) => sum + one.arrived_count, 0)),
    numbers("failed", t("paths.failed"), (row) => row.moved.reduce((sum, one) => sum + one.failed_count, 0)),
    { id: "proved", label: t("site.proved"), kind: "number", value: (row) => row.proved_s_ago, sign: (row) => duration(row.proved_s_ago), cell: (row) => duration(row.proved_s_ago) },
    { id: "act", label: t("table.acts"), kind: "act", cell: (row) => rowButton(t("paths.try"), row.path, () => tryPath(row)) },
  ];
}

function probeColumns() {
  return [
    names("path", t("site.path"), (row) => row.path),
    sites("from", t("calls.from"), (row) => row.origin),
    sites("to", t("calls.to"), (row) => row.target),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => row.state, cell: (row) => badge(row.tried ? PROBES[row.state] ?? "unknown" : "unknown", word("probe_state", row.state)) },
    { id: "steps", label: t("paths.steps"), kind: "prose", value: (row) => [...row.steps, row.problem].filter(Boolean).join(", "), cell: (row) => name([...row.steps, row.problem].filter(Boolean).join(", "), { class: "name wrap" }) },
    numbers("took", t("decisions.took"), (row) => row.took_s, { cell: (row) => seconds(row.took_s) }),
  ];
}

function poolColumns() {
  return [
    names("pool", t("paths.pool"), (row) => row.pool),
    sites("site", t("sites.site"), (row) => row.site),
    names("trunk", t("site.trunk_group"), (row) => row.trunk_group),
    numbers("numbers", t("tenants.numbers"), (row) => row.numbers_count),
    numbers("free", t("site.pool_free"), (row) => row.free_count),
    numbers("lent", t("site.pool_lent"), (row) => row.lent_count),
    numbers("resting", t("site.pool_resting"), (row) => row.resting_count),
    { id: "runs_out", label: t("site.pool_runs_out"), kind: "state", value: (row) => row.runs_out_in_s, sign: (row) => seconds(row.runs_out_in_s), cell: (row) => (row.runs_out_in_s === null ? "" : badge("warn", seconds(row.runs_out_in_s))) },
    numbers("refused", t("site.pool_refused"), (row) => row.refused_count),
  ];
}

async function tryPath(row) {
  const done = await ask({
    title: t("paths.try_title", { path: row.path }),
    text: t("paths.try_text"),
    preview: () => facts([[t("calls.from"), row.from_site], [t("calls.to"), row.to_site === "*" ? t("sites.all") : row.to_site], [t("site.trunk_group"), row.trunk_group], [t("sites.state"), word("path_state", row.state)], [t("site.p99"), `${number(row.p99_s, 1)} s`]]),
    reason: "none",
    fields: row.to_site === "*" ? [{ id: "to_site", label: t("paths.to_site"), note: t("paths.to_site_note") }] : [],
    confirm: t("paths.try"),
    act: ({ to_site = "" }) => api.ask("POST", "/probes", { body: { path: row.path, to_site } }),
  });
  if (done) toast(t("paths.begun", { path: row.path }));
}
