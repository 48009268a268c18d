// One policy: its versions, what is tried of it, and every act of its life. Rule of this file: each act says which
// version its author saw (If-Match), so that nobody overwrites what somebody else has made live meanwhile.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { instant } from "../formats.js";
import { facts, headUnder, names, numbers, panel, rowButton } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import * as session from "../session.js";
import { table } from "../table.js";
import { compared, numbered } from "../text_parts.js";
import { t } from "../texts.js";
import { toast } from "../toasts.js";
import { canaryTold, shadowTold } from "./policies.js";

const LOOK_S = 3;

export async function open(visit) {
  const { policy } = visit.params;
  const path = `/policies/${encodeURIComponent(policy)}`;
  const seen = { status: null, etag: "", events: [] };
  const top = h("div");
  const failed = h("div");
  const texts = h("div");
  const acts = h("div", { class: "acts" });
  const versions = table({ id: "policy-versions", caption: t("policy.history"), key: (row) => `${row.at_unix_s} ${row.act} ${row.version}`, sort: "at", rows_max: 15, empty: t("policy.no_history"), columns: columns() });

  const look = async () => {
    try {
      const [told, history] = await Promise.all([api.ask("GET", path), api.get(`${path}/history`)]);
      const was = JSON.stringify(seen.status);
      Object.assign(seen, { status: told.body, etag: told.etag, events: history.events });
      put(failed);
      versions.update(history.events);
      if (JSON.stringify(told.body) !== was) draw();
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };

  const draw = () => {
    const one = seen.status;
    put(top, facts([
      [t("policies.live"), one.live || t("policies.unused")], [t("policies.used"), one.in_use_here || t("policies.unused")], [t("policies.newest"), one.newest],
      [t("policies.canary"), canaryTold(one)], [t("policies.shadow"), shadowTold(one)],
      [t("policies.scheduled"), one.scheduled.map((part) => t("policies.scheduled_one", { version: part.version, at: instant(part.at_unix_s) })).join(", ")],
    ]));
    put(acts, actsOf(seen, act, policy));
    put(texts, chooser(one, path));
  };

  const act = async (what, spec) => {
    const etag = seen.etag;
    const done = await ask({
      ...spec,
      title: t(`policy.${what}_title`, { policy }),
      text: t(`policy.${what}_text`),
      confirm: t(`policy.${what}`),
      act: async (values) => (await api.ask("POST", `${path}/${what}`, { etag, body: { author: session.author(), reason: values.reason, ...spec.body(values) } })).body,
    });
    if (done) toast(done.told?.[0] ?? t("policy.done"));
    await look();
  };

  function columns() {
    return [
      { id: "at", label: t("decisions.at"), first: "down", value: (row) => row.at_unix_s, cell: (row) => h("span", { class: "once" }, instant(row.at_unix_s)) },
      numbers("version", t("policy.version"), (row) => row.version || null),
      { id: "told", label: t("policy.what"), kind: "prose", value: (row) => row.told, cell: (row) => name(row.told, { class: "name wrap" }) },
      names("author", t("audit.author"), (row) => row.author),
      { id: "reason", label: t("dialog.reason"), kind: "prose", value: (row) => row.reason, cell: (row) => name(row.reason, { class: "name wrap" }) },
      { id: "act", label: t("table.acts"), kind: "act", sign: (row) => row.version, cell: (row) => (row.version ? rowButton(t("policy.rollback"), `${row.version}`, () => back(row.version)) : "") },
    ];
  }

  const back = async (version) => act("rollback", { preview: () => change(path, seen.status.live, version), danger: true, body: () => ({ to_version: version }) });
  await look();
  if (!seen.status) return h("div", {}, headUnder("policies", t("policies.title"), policy), failed);
  visit.every(LOOK_S, look);
  return h("div", {}, headUnder("policies", t("policies.title"), policy), failed, panel(t("policy.now"), top, acts), panel(t("policy.texts"), texts), panel(t("policy.history"), versions.node));
}

function actsOf(seen, act, policy) {
  const one = seen.status;
  const button = (what, go, danger = false) => h("button", { type: "button", class: danger ? "danger" : null, onclick: go }, t(`policy.${what}`));
  const version = { id: "version", label: t("policy.version"), type: "number", value: one.newest, min: 1, required: true };
  const path = `/policies/${encodeURIComponent(policy)}`;
  const shows = (field = "version") => ({ preview: (values) => change(path, one.live, values[field] ?? one.newest), fields: [{ ...version, looks: true }] });
  const words = (text) => text.split(/[\s,]+/).filter(Boolean);
  return [
    h("a", { class: "button primary", href: address("policies", policy, "edit") }, t("policy.edit")),
    button("shadow", () => act("shadow", { ...shows(), body: (values) => ({ version: values.version }) })),
    button("canary", () => act("canary", {
      ...shows(), fields: [{ ...version, looks: true }, { id: "sites", label: t("policy.canary_sites"), note: t("policy.canary_note") }, { id: "services", label: t("policy.canary_services") },
        { id: "share", label: t("policy.canary_share"), type: "number", value: 100, min: 1, step: 1 }, { id: "force", label: t("policy.canary_force"), note: t("policy.canary_force_note") }],
      body: (values) => ({ version: values.version, sites: words(values.sites), services: words(values.services), share: (values.share ?? 100) / 100, force: values.force }),
    })),
    one.canary || one.shadow ? button("promote", () => act("promote", { preview: () => change(path, one.live, one.canary?.version ?? one.shadow), body: () => ({}) })) : null,
    one.canary || one.shadow || one.scheduled.length ? button("stop", () => act("stop", { body: () => ({ canary: Boolean(one.canary), shadow: Boolean(one.shadow), schedule: one.scheduled.length > 0 }) })) : null,
    button("schedule", () => act("schedule", {
      ...shows(), fields: [{ ...version, looks: true }, { id: "at", label: t("policy.at"), type: "datetime-local", required: true }],
      body: (values) => ({ version: values.version, at_unix_s: new Date(values.at).getTime() / 1000 }),
    })),
    one.live > 1 ? button("rollback", () => act("rollback", {
      preview: (values) => change(path, one.live, values.version || one.live - 1), fields: [{ ...version, value: one.live - 1, looks: true }], danger: true, body: (values) => ({ to_version: values.version }),
    }), true) : null,
  ];
}

/** The difference that an act would make. */
async function change(path, from, to) {
  const texts = await Promise.all([from, to].map((one) => (one ? api.get(`${path}/versions/${one}`).then((found) => found.text) : "")));
  return h("div", {}, h("p", { class: "quiet" }, t("policy.change", { from: from || "–", to })), compared(...texts));
}

/** A version's text, or what changed between two. */
function chooser(status, path) {
  const all = Array.from({ length: Math.min(status.newest, 200) }, (_, n) => status.newest - n);
  const out = h("div");
  const pick = (label, value, blank) => {
    const node = h("select", { onchange: () => show() }, blank ? h("option", { value: "" }, blank) : null, all.map((one) => h("option", { value: one }, t("policy.version_n", { version: one }))));
    node.value = value;
    return { node, field: h("label", {}, h("span", { class: "quiet" }, label, " "), node) };
  };
  const shown = pick(t("policy.show"), status.live || status.newest, "");
  const against = pick(t("policy.against"), "", t("policy.nothing"));
  const show = async () => {
    try {
      const texts = await Promise.all([against, shown].map((one) => (one.node.value ? api.get(`${path}/versions/${one.node.value}`) : null)));
      put(out, texts[0] ? compared(texts[0].text, texts[1].text) : numbered(texts[1].text));
    } catch (error) {
      put(out, problemView(error, show));
    }
  };
  if (status.newest) show();
  return h("div", {}, h("div", { class: "tablebar" }, shown.field, against.field), out);
}
