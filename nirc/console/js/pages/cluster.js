// The nodes, who leads, and taking a node out of work. Rule of this file: every node is asked itself; what it
// cannot say another says of it.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { bytes, duration, number } from "../formats.js";
import * as nodes from "../nodes.js";
import { facts, figures, head, names, numbers, panel, rowButton } from "../page_parts.js";
import * as session from "../session.js";
import { badge, healthBadge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t } from "../texts.js";
import { toast, toastProblem } from "../toasts.js";

const LOOK_S = 2;

/** How a node is, as another sees it and as it says itself. */
export function nodeHealth(node) {
  if (!node.linked && !node.status) return { level: "bad", text: t("cluster.not_linked") };
  if (node.draining) return { level: "warn", text: t("cluster.drained") };
  if (node.leads?.length) return { level: "good", text: t("cluster.leads") };
  return { level: "good", text: t("cluster.follows") };
}

export function open(visit) {
  const top = figures([
    { id: "leader", label: t("cluster.leader") }, { id: "epoch", label: t("cluster.epoch"), tip: t("cluster.epoch_note") },
    { id: "since", label: t("cluster.since") }, { id: "etcd", label: t("cluster.etcd") }, { id: "redis", label: t("cluster.redis") },
  ]);
  const shown = table({ id: "nodes", caption: t("cluster.nodes"), key: (row) => row.node, filters: false, columns: columns() });
  const here = h("div");
  const look = async () => {
    try {
      shown.update(await everyNode());
    } catch (error) {
      if (!visit.closed) toastProblem(error);
    }
  };
  visit.live(["status", "documents"], () => { drawTop(top); drawHere(here); });
  visit.every(1, () => drawTop(top));
  visit.every(LOOK_S, look);
  return h("div", {}, head(t("cluster.title"), t("cluster.lead")), top.node, panel(t("cluster.nodes"), shown.node), panel(t("cluster.here"), here));
}

async function everyNode() {
  const cluster = await api.get("/cluster");
  return Promise.all(cluster.nodes.map(async (one) => {
    const url = nodes.urlOf(one.node);
    const status = url && (one.linked || one.here) ? await api.get("/status", {}, { node: one.node }).catch(() => null) : null;
    return { ...one, url, status, draining: status?.draining ?? (one.here && cluster.draining) };
  }));
}

function columns() {
  const told = (row, field) => row.status?.[field] ?? null;
  return [
    names("node", t("cluster.node"), (row) => row.node),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => nodeHealth(row).text, cell: (row) => healthBadge(nodeHealth(row)) },
    numbers("sites", t("cluster.sites_linked"), (row) => row.status?.sites_linked.length ?? null),
    numbers("calls", t("cluster.in_motion"), (row) => told(row, "calls_in_motion_count")),
    numbers("alarms", t("alarms.title"), (row) => told(row, "alarms_count")),
    numbers("up", t("cluster.up"), (row) => told(row, "up_s"), { cell: (row) => duration(told(row, "up_s")), sign: (row) => duration(told(row, "up_s")) }),
    names("version", t("cluster.version"), (row) => told(row, "version") ?? ""),
    names("url", t("cluster.url"), (row) => row.url ?? "", { kind: "wide" }),
    { id: "act", label: t("table.acts"), kind: "act", sign: (row) => `${row.draining} ${Boolean(row.status)}`, value: (row) => row.draining, cell: act },
  ];
}

function act(row) {
  if (!row.status) return "";
  if (row.draining) return rowButton(t("cluster.undrain"), row.node, () => turn(row, "undrain"));
  return rowButton(t("cluster.drain"), row.node, () => turn(row, "drain"));
}

async function turn(row, what) {
  const done = await ask({
    title: t(`cluster.${what}_title`, { node: row.node }),
    text: t(`cluster.${what}_text`),
    preview: async () => effect(row.node, what),
    reason: what === "drain" ? "required" : "optional",
    confirm: t(`cluster.${what}`),
    danger: what === "drain",
    act: ({ reason }) => api.ask("POST", `/${what}`, { node: row.node, query: { author: session.author(), reason } }),
  });
  if (done) toast(t(`cluster.${what}_done`, { node: row.node }));
}

/** Who would be left to lead. */
async function effect(node, what) {
  const others = (await everyNode()).filter((one) => one.node !== node && one.status && !one.draining);
  if (what === "undrain") return facts([[t("cluster.may_lead"), [...others.map((one) => one.node), node].sort().join(", ")]]);
  const status = await api.get("/status", {}, { node });
  const leads = status.domains.some((one) => one.leads_here);
  const rows = facts([
    [t("cluster.leads_now"), t(leads ? "frame.yes" : "frame.no")], [t("cluster.in_motion"), number(status.calls_in_motion_count)],
    [t("cluster.may_lead"), others.map((one) => one.node).join(", ") || t("frame.nobody")],
  ]);
  return others.length ? rows : [rows, badge("bad", t("cluster.nobody_left"))];
}

function drawTop(top) {
  const status = store.status;
  const domain = status?.domains[0];
  if (!domain) return;
  top.set("leader", name(domain.leader || t("frame.nobody")), { level: domain.leader ? "" : "bad" });
  top.set("epoch", `${domain.generation}.${domain.revision}`);
  const since_s = domain.since_s === null ? null : domain.since_s + store.heardFor(status);
  top.set("since", duration(since_s));
  for (const which of ["etcd", "redis"]) {
    const good = status[which].in_reach;
    top.set(which, t(good ? "cluster.in_reach" : "cluster.away"), { level: good ? "" : "bad", note: status[which].problem });
  }
}

function drawHere(here) {
  const status = store.status;
  if (!status) return;
  const records = status.records;
  put(here, facts([
    [t("cluster.node"), name(status.node)],
    [t("cluster.peers"), status.peers_linked.join(", ") || t("frame.nobody")],
    [t("cluster.sites_linked"), status.sites_linked.join(", ") || t("frame.nobody")],
    [t("cluster.documents"), `${status.documents_revision}${status.documents_from_cache ? ` ${t("cluster.from_cache")}` : ""}`],
    [t("cluster.documents_problem"), status.documents_problem],
    [t("cluster.records_waiting"), number(records.waiting_count)],
    [t("cluster.records_spooled"), records.spooled_bytes ? bytes(records.spooled_bytes) : null],
    [t("cluster.records_lost"), number(records.lost_count)],
    [t("cluster.records_keeper"), records.keeper || t("frame.nobody")],
    [t("cluster.records_problem"), records.problem],
    [t("cluster.inbox"), number(status.inbox_count)],
  ]));
}
