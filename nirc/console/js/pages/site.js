// One site whole. Rule of this file: live figures from the stream; outcomes, pools and paths, which change
// slowly, are asked for now and then.

import * as api from "../api.js";
import { dayChart } from "../day_chart.js";
import { h, name, put } from "../dom.js";
import { NONE, duration, instant, number, percent, seconds } from "../formats.js";
import { bar, chart } from "../graphs.js";
import { ages, facts, figures, headUnder, names, numbers, panel, sites } from "../page_parts.js";
import { SAMPLE_S } from "../samples.js";
import { badge, healthBadge, siteHealth } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { agentColumns } from "./agents.js";
import { queueColumns } from "./queues.js";

const SLOW_S = 4;
const PATH_LEVELS = { vouched: "good", proved: "good", unproved: "unknown", too_old: "warn", failing: "bad" };
const PHASE_LEVELS = { open: "good", returning: "warn", suspended: "bad" };

export async function open(visit) {
  const { site } = visit.params;
  const first = await api.get(`/sites/${encodeURIComponent(site)}`);
  const top = figures([
    { id: "state", label: t("sites.state") }, { id: "waiting", label: t("sites.waiting") }, { id: "ready", label: t("sites.ready") },
    { id: "busy", label: t("sites.busy") }, { id: "agents", label: t("agents.title") }, { id: "age", label: t("sites.age"), tip: t("sites.age_note") },
  ]);
  const curves = h("div", { class: "chartset" });
  const queues = table({ id: "site-queues", caption: t("queues.title"), key: (row) => row.queue, filters: false, empty: t("queues.none"), columns: queueColumns(false) });
  const agents = table({ id: "site-agents", caption: t("agents.title"), key: (row) => row.agent, empty: t("agents.none"), columns: agentColumns(false) });
  const paths = table({ id: "site-paths", caption: t("site.paths"), key: (row) => row.path, filters: false, empty: t("site.no_paths"), columns: pathColumns() });
  const more = h("div", { class: "columns" });
  const draw = () => {
    const now = store.one("site", site);
    if (now) drawTop(top, now);
    queues.update(store.at("queue", site));
    agents.update(store.at("agent", site));
    drawCurves(curves, site);
  };
  const slow = async () => {
    const [whole, all] = await Promise.all([api.get(`/sites/${encodeURIComponent(site)}`).catch(() => first), api.get("/paths").catch(() => ({ paths: [] }))]);
    paths.update(all.paths.filter((one) => one.from_site === site || one.to_site === site));
    put(more, outcomes(whole.outcomes), pools(whole.pools), peerPlan(whole));
  };
  visit.live(["site", "queue", "agent"], draw);
  visit.every(1, draw);
  visit.every(SLOW_S, slow);
  return h("div", {}, headUnder("sites", t("sites.title"), site), top.node, h("div", { class: "columns" }, panel(t("site.last_minutes"), curves), panel(t("day.title"), dayChart(visit, site))), panel(t("queues.title"), queues.node), panel(t("agents.title"), agents.node), panel(t("site.paths"), paths.node), more);
}

function drawTop(top, site) {
  const health = siteHealth(site);
  top.set("state", healthBadge(health), { note: site.linked ? "" : t("sites.not_linked_note") });
  top.set("waiting", number(site.waiting_count));
  top.set("ready", number(site.ready_count));
  top.set("busy", number(site.busy_count));
  const agents = store.at("agent", site.site);
  const count = (...states) => agents.filter((one) => states.includes(one.state)).length;
  const parts = [
    { value: count("ready"), kind: "ready", label: word("agent_state", "ready") }, { value: count("busy", "reserved"), kind: "busy", label: word("agent_state", "busy") },
    { value: count("working_after_call"), kind: "acw", label: word("agent_state", "working_after_call") },
  ];
  top.set("agents", number(agents.length), { more: bar(parts, { width: 110 }) });
  top.set("age", seconds(store.aged(site, "state_age_s")));
}

function drawCurves(place, site) {
  const of = (figure) => store.samples.of("site", site, figure);
  const points = of("waiting");
  const began = t("graph.ago", { time: duration(points.length * SAMPLE_S) });
  const width = Math.max(300, Math.min(1200, place.clientWidth || 640));
  const series = [{ points: of("ready"), kind: "ready", label: t("sites.ready") }, { points: of("busy"), kind: "busy", label: t("sites.busy") }, { points, kind: "waiting", label: t("sites.waiting") }];
  const legend = h("ul", { class: "legend" }, series.map((one) => h("li", {}, h("span", { class: `swatch ${one.kind}`, "aria-hidden": "true" }), one.label)));
  put(place, legend, chart(series, { width, label: t("site.last_minutes"), labels: [began, t("graph.now")] }));
}

function pathColumns() {
  return [
    names("path", t("site.path"), (row) => row.path),
    sites("from", t("calls.from"), (row) => row.from_site),
    sites("to", t("calls.to"), (row) => row.to_site),
    names("trunk", t("site.trunk_group"), (row) => row.trunk_group),
    names("methods", t("site.methods"), (row) => row.methods.map((one) => word("method", one)).join(", ")),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => word("path_state", row.state), sign: (row) => `${row.state}${row.problem}`, cell: (row) => badge(PATH_LEVELS[row.state] ?? "unknown", word("path_state", row.state), row.problem) },
    { id: "used", label: t("site.used"), value: (row) => t(row.used ? "frame.yes" : "frame.no") },
    numbers("p99", t("site.p99"), (row) => row.p99_s, { note: t("site.p99_note"), cell: (row) => seconds(row.p99_measured_s || row.p99_s) }),
    ages("proved", t("site.proved"), "proved_s_ago"),
  ];
}

function outcomes(found) {
  const rows = found.filter((one) => one.kind !== "agent" || one.phase !== "open");
  if (!rows.length) return null;
  const shown = table({
    id: "site-outcomes", caption: t("site.outcomes"), key: (row) => `${row.kind} ${row.name}`, filters: false, columns: [
      names("name", t("site.place"), (row) => row.name), { id: "kind", label: t("site.kind"), value: (row) => word("place_kind", row.kind) },
      { id: "phase", label: t("sites.state"), kind: "state", value: (row) => row.phase, cell: (row) => badge(PHASE_LEVELS[row.phase] ?? "unknown", word("phase", row.phase), row.reason) },
      { id: "share", label: t("site.share"), kind: "number", value: (row) => row.share, cell: (row) => percent(row.share) },
      names("counts", t("site.counts"), (row) => Object.entries(row.counts).map(([what, count]) => `${word("outcome_count", what)} ${number(count)}`).join(", ")),
    ],
  });
  shown.update(rows);
  return panel(t("site.outcomes"), shown.node);
}

function pools(found) {
  if (!found.length) return null;
  return panel(t("site.pools"), found.map((one) => h("div", {}, h("h3", {}, name(one.pool)), facts([
    [t("site.pool_free"), `${number(one.free_count)} / ${number(one.numbers_count)}`], [t("site.pool_lent"), number(one.lent_count)],
    [t("site.pool_resting"), number(one.resting_count)], [t("site.pool_runs_out"), one.runs_out_in_s === null ? NONE : seconds(one.runs_out_in_s)],
    [t("site.pool_refused"), number(one.refused_count)],
  ]))));
}

function peerPlan(site) {
  const outage = site.outages[0];
  return panel(t("site.without_nirc"), facts([
    [t("sites.tier"), site.tier === null ? t("sites.tier_unknown") : word("tier", site.tier)],
    [t("site.plan"), site.plan_serial ? number(site.plan_serial) : t("site.no_plan")],
    [t("site.plan_usable"), site.plan_serial ? t(site.plan_usable ? "frame.yes" : "frame.no") : null],
    [t("site.last_outage"), outage ? t("site.outage", { began: instant(Date.now() / 1000 - outage.began_for_s), lasted: duration(outage.lasted_s) }) : t("site.no_outage")],
  ]));
}
