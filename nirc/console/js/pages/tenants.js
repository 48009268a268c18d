// Services, calendars and tenants, as they are read. Rule of this file: what counts of each at a glance; the whole, and
// every change, is its document.

import * as api from "../api.js";
import { h, name, put } from "../dom.js";
import { number, seconds } from "../formats.js";
import { head, names, numbers, panel } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t } from "../texts.js";

const LOOK_S = 20;

export async function open(visit) {
  const failed = h("div");
  const parts = [
    { path: "/services", kind: "NetworkService", title: t("tenants.services"), columns: serviceColumns() },
    { path: "/calendars", kind: "Calendar", title: t("tenants.calendars"), columns: calendarColumns() },
    { path: "/tenants", kind: "Tenant", title: t("tenants.tenants"), columns: tenantColumns() },
  ].map((one) => ({
    ...one,
    shown: table({ id: `typed-${one.kind}`, caption: one.title, key: (row) => row.name, filters: true, empty: t("documents.none"), columns: [link(one.kind), ...one.columns] }),
  }));
  const look = async () => {
    try {
      for (const one of parts) one.shown.update(await api.list(one.path, "items"));
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  let revision = store.documents?.revision;
  visit.live(["documents"], () => {
    if (store.documents?.revision === revision) return;
    revision = store.documents?.revision;
    look();
  });
  return h("div", {}, head(t("tenants.title"), t("tenants.lead")), failed, parts.map((one) => panel(one.title, one.shown.node)));
}

function link(kind) {
  return { id: "name", label: t("documents.name"), value: (row) => row.name, sign: (row) => `${row.name}`, cell: (row) => h("a", { href: address("documents", kind, row.name) }, name(row.name)) };
}

function serviceColumns() {
  return [
    names("tenant", t("tenants.tenant"), (row) => row.spec.tenant),
    names("queue", t("queues.queue"), (row) => row.spec.queue),
    { id: "policy", label: t("policies.policy"), value: (row) => row.spec.policy ?? "", cell: (row) => (row.spec.policy ? h("a", { href: address("policies", row.spec.policy) }, name(row.spec.policy)) : "") },
    names("numbers", t("tenants.numbers"), (row) => (row.spec.numbers ?? []).join(", ")),
    numbers("aht", t("queues.aht"), (row) => row.spec.aht_s ?? null, { cell: (row) => seconds(row.spec.aht_s) }),
    numbers("priority", t("network_queue.priority"), (row) => row.spec.priority ?? null),
    names("calendar", t("tenants.calendar"), (row) => row.spec.calendar ?? ""),
  ];
}

function calendarColumns() {
  return [
    names("zone", t("tenants.zone"), (row) => row.spec.time_zone),
    { id: "hours", label: t("tenants.hours"), kind: "prose", value: (row) => hours(row.spec), cell: (row) => name(hours(row.spec), { class: "name wrap" }) },
    numbers("special", t("tenants.special_days"), (row) => (row.spec.special_days ?? []).length),
  ];
}

function hours(spec) {
  return (spec.hours ?? []).map((one) => Object.values(one).flat(3).map((part) => (part && typeof part === "object" ? Object.values(part).join("–") : part)).filter((part) => part !== null && part !== "").join(" ")).join("; ");
}

function tenantColumns() {
  return [
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => (row.spec.suspended ? 1 : 0), cell: (row) => (row.spec.suspended ? badge("warn", t("tenants.suspended")) : badge("good", t("tenants.active"))) },
    names("policy", t("policies.policy"), (row) => row.spec.policy ?? ""),
    numbers("lists", t("tenants.lists"), (row) => (row.spec.lists ?? []).length, { cell: (row) => number((row.spec.lists ?? []).length) }),
    names("description", t("tenants.description"), (row) => row.spec.description ?? ""),
    names("freeze", t("tenants.change_freeze"), (row) => row.spec.change_freeze ?? ""),
  ];
}
