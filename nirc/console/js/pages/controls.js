// Emergency controls: what is in force, what one would do, beginning and ending one. Rule of this file: nothing is
// begun that was not looked at: the preview's ETag goes along, and is refused where the network has changed.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { duration, instant, number } from "../formats.js";
import { facts, head, names, rowButton } from "../page_parts.js";
import { problemView } from "../problem.js";
import * as session from "../session.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { toast } from "../toasts.js";

const LOOK_S = 2;
/** What each kind may be about, and what else it needs. Shifts have a page of their own. */
export const KINDS = [
  { kind: "freeze", about: ["all", "site", "service", "path"], fields: [] },
  { kind: "path_off", about: ["path"], fields: [] },
  { kind: "close", about: ["service"], fields: [] },
  { kind: "holiday", about: ["calendar", "service"], fields: [] },
  { kind: "announce", about: ["service", "site"], fields: ["announcement"] },
  { kind: "flush", about: ["service"], fields: [] },
  { kind: "plan", about: ["plan"], fields: [] },
];

export async function open(visit) {
  const failed = h("div");
  const shown = table({ id: "controls", caption: t("controls.title"), key: (row) => row.id, sort: "ends", filters: false, empty: t("controls.none"), columns: columns(() => look()) });
  const buttons = h("div", { class: "acts wrap" });
  const look = async () => {
    try {
      shown.update(await api.list("/controls", "controls"));
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  put(buttons, (await offered()).map((one) => h("button", { type: "button", onclick: () => begin(one, look) }, word("control", one.kind))));
  return h("div", {}, head(t("controls.title"), t("controls.lead")), failed, shown.node, h("section", { class: "panel" }, h("h2", {}, t("controls.begin")), h("p", { class: "remark" }, t("controls.begin_note")), buttons));
}

/** The kinds that the nodes know: their OpenAPI document says so. */
async function offered() {
  const known = await kindsKnown();
  return KINDS.filter((one) => known.has(one.kind));
}

/** The names of all kinds of control that the node knows. */
export async function kindsKnown() {
  const { components } = await api.get("/openapi.json", {}, { timeout_ms: 8000 });
  const said = components.schemas.ControlWanted?.properties.kind ?? {};
  return new Set(said.enum ?? [said.const].filter(Boolean));
}

function columns(after) {
  return [
    { id: "kind", label: t("controls.control"), kind: "state", value: (row) => word("control", row.kind), cell: (row) => badge("warn", word("control", row.kind)) },
    names("target", t("controls.target"), (row) => targetTold(row.target)),
    { id: "reason", label: t("dialog.reason"), kind: "prose", value: (row) => row.reason, cell: (row) => name(row.reason, { class: "name wrap" }) },
    names("who", t("audit.author"), (row) => row.who),
    { id: "began", label: t("controls.began"), value: (row) => row.began_unix_s, cell: (row) => h("span", { class: "once" }, instant(row.began_unix_s)) },
    { id: "ends", label: t("controls.left"), kind: "number", value: (row) => row.ends_unix_s, sign: (row) => left(row), cell: (row) => h("span", { title: instant(row.ends_unix_s) }, left(row)) },
    { id: "act", label: t("table.acts"), kind: "act", cell: (row) => rowButton(t("controls.end"), `${word("control", row.kind)} ${targetTold(row.target)}`, () => end(row, after)) },
  ];
}

function left(row) {
  return duration(row.ends_unix_s - Date.now() / 1000);
}

/** What a control is about. */
export function targetTold(target) {
  return [word("target", target.of), target.name].filter(Boolean).join(" ");
}

async function begin(one, after) {
  let etag = "";
  const wanted = (values) => {
    const parameters = Object.fromEntries(one.fields.filter((id) => values[id]).map((id) => [id, values[id]]));
    const of = values.of ?? one.about[0];
    return { kind: one.kind, target: { of, name: of === "all" ? "" : values.name ?? "" }, ...(one.fields.length ? { parameters } : {}), for_s: (values.minutes ?? 30) * 60, author: session.author(), reason: values.reason || t("controls.looking") };
  };
  const about = one.about.length > 1 ? [{ id: "of", label: t("controls.about"), options: one.about.map((value) => ({ value, label: word("target", value) })), looks: true }] : [];
  const names = [...new Set([...store.all("site").map((found) => found.site), ...store.all("queue").map((found) => found.queue)])];
  const done = await ask({
    title: t("controls.begin_title", { control: word("control", one.kind) }),
    text: t(`control_text.${one.kind}`),
    fields: [...about, { id: "name", label: t("controls.name"), note: names.slice(0, 12).join(", "), looks: true }, ...one.fields.map((id) => ({ id, label: t(`controls.${id}`), looks: true })), { id: "minutes", label: t("controls.minutes"), type: "number", value: 30, min: 1, required: true, looks: true }],
    preview: async (values) => {
      const { body } = await api.ask("POST", "/controls/preview", { body: wanted(values), timeout_ms: 15000 });
      etag = body.etag;
      return effect(body);
    },
    danger: true,
    confirm: t("controls.do"),
    act: (values) => api.ask("POST", "/controls", { etag, body: wanted(values) }),
  });
  if (!done) return;
  toast(t("controls.begun", { control: word("control", one.kind) }));
  await after();
}

/** What a control would do, in the node's words. */
export function effect(told) {
  const changes = told.changes.slice(0, 8);
  return [
    h("ul", { class: "story" }, told.lines.map((one) => h("li", { dir: "auto" }, one))),
    told.figures.length ? facts(told.figures.map(([label, value]) => [label.replace(/_count$/, "").replaceAll("_", " "), number(value, value % 1 ? 1 : 0)])) : null,
    changes.length ? h("ul", { class: "story" }, changes.map((one) => h("li", { dir: "auto" }, t("controls.change", one)))) : null,
  ];
}

/** End one before its time. */
export async function end(row, after) {
  const done = await ask({
    title: t("controls.end_title"), preview: () => facts([[t("controls.control"), word("control", row.kind)], [t("controls.target"), targetTold(row.target)], [t("dialog.reason"), row.reason], [t("audit.author"), row.who], [t("controls.left"), left(row)]]),
    confirm: t("controls.end"),
    act: ({ reason }) => api.ask("DELETE", `/controls/${encodeURIComponent(row.id)}`, { query: { author: session.author(), reason } }),
  });
  if (!done) return;
  toast(t("controls.ended", { control: word("control", row.kind) }));
  await after();
}
