// Moves callers of one site to another for a while, or all away from it. Rule of this file: what the capacity check says
// is shown before anything begins; while it lasts, the service level of who gets the callers stands beside it.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { duration, number, percent } from "../formats.js";
import { head, names, panel, rowButton, sites } from "../page_parts.js";
import { problemView } from "../problem.js";
import * as session from "../session.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { toast } from "../toasts.js";
import { effect, end, kindsKnown } from "./controls.js";

const LOOK_S = 2;
const SHIFTS = ["shift", "drain_site"];

export async function open(visit) {
  const failed = h("div");
  const shown = table({ id: "shifts", caption: t("shift.title"), key: (row) => row.id, filters: false, empty: t("shift.none"), columns: columns(() => look()) });
  let found = [];
  const draw = () => shown.update(found);
  const look = async () => {
    try {
      found = (await api.list("/controls", "controls")).filter((one) => SHIFTS.includes(one.kind));
      draw();
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  visit.live(["queue"], draw);
  const known = await kindsKnown();
  const buttons = SHIFTS.filter((one) => known.has(one)).map((one) => h("button", { type: "button", onclick: () => begin(one, look) }, word("control", one)));
  return h("div", {}, head(t("shift.title"), t("shift.lead")), failed, shown.node,
    panel(t("controls.begin"), h("p", { class: "remark" }, buttons.length ? t("shift.note") : t("shift.unknown")), h("div", { class: "acts wrap" }, buttons)));
}

function columns(after) {
  return [
    { id: "kind", label: t("controls.control"), kind: "state", value: (row) => row.kind, cell: (row) => badge("warn", word("control", row.kind)) },
    sites("from", t("calls.from"), (row) => row.target.name),
    { id: "to", label: t("calls.to"), value: (row) => row.parameters.shift?.to_site ?? "", cell: (row) => name(row.parameters.shift?.to_site || t("shift.anywhere")) },
    names("whose", t("shift.whose"), (row) => [row.parameters.shift?.service, row.parameters.shift?.queue].filter(Boolean).join(" / ") || t("shift.all")),
    { id: "step", label: t("shift.step"), kind: "number", value: share, cell: (row) => percent(share(row)) },
    { id: "level_from", label: t("shift.level_from"), kind: "number", value: (row) => level(row.target.name, row), cell: (row) => percent(level(row.target.name, row)) },
    { id: "level_to", label: t("shift.level_to"), kind: "number", value: (row) => level(row.parameters.shift?.to_site, row), cell: (row) => levelTold(row) },
    { id: "left", label: t("controls.left"), kind: "number", value: (row) => row.ends_unix_s, sign: left, cell: left },
    { id: "reason", label: t("dialog.reason"), kind: "prose", value: (row) => `${row.who}: ${row.reason}`, cell: (row) => name(`${row.who}: ${row.reason}`, { class: "name wrap" }) },
    { id: "act", label: t("table.acts"), kind: "act", cell: (row) => rowButton(t("shift.back"), row.target.name, () => end(row, after)) },
  ];
}

function left(row) {
  return duration(row.ends_unix_s - Date.now() / 1000);
}

/** The share of callers that goes now, by its steps. */
function share(row) {
  const { steps = [100], step_s = 300 } = row.parameters.shift ?? {};
  const past = Math.floor((Date.now() / 1000 - row.began_unix_s) / step_s);
  return steps[Math.max(0, Math.min(steps.length - 1, past))] / 100;
}

/** The lowest service level of the queues that are meant, at one site; at all others where none is named. */
function level(site, row) {
  const { queue = "" } = row.parameters.shift ?? {};
  const meant = store.all("queue").filter((one) => (site ? one.site === site : one.site !== row.target.name) && (!queue || one.queue === queue) && one.service_level !== null);
  return meant.length ? Math.min(...meant.map((one) => one.service_level)) : null;
}

function levelTold(row) {
  const now = level(row.parameters.shift?.to_site, row);
  const floor = row.parameters.shift?.floor ?? 0;
  return now !== null && now < floor ? badge("bad", percent(now), t("shift.under", { floor: percent(floor) })) : percent(now);
}

async function begin(kind, after) {
  let etag = "";
  const known = store.all("site").map((one) => one.site);
  const wanted = (values) => ({
    kind, target: { of: "site", name: values.from }, for_s: (values.minutes ?? 30) * 60, author: session.author(), reason: values.reason || t("controls.looking"),
    parameters: { shift: {
      ...(kind === "shift" ? { to_site: values.to } : {}), queue: values.queue, floor: (values.floor ?? 70) / 100, force: values.force === "yes",
      steps: values.steps.split(/[\s,;]+/).filter(Boolean).map(Number), step_s: values.step_s ?? 300,
    } },
  });
  const one = (id, label, more = {}) => ({ id, label, looks: true, ...more });
  const done = await ask({
    title: word("control", kind), text: t(`control_text.${kind}`),
    fields: [
      one("from", t("calls.from"), { options: known, value: known[0] }), ...(kind === "shift" ? [one("to", t("calls.to"), { options: known, value: known[1] ?? known[0] })] : []),
      one("queue", t("queues.queue"), { note: t("shift.queue_note") }), one("steps", t("shift.steps"), { value: "10, 25, 50, 100", note: t("shift.steps_note"), required: true }),
      one("step_s", t("shift.step_s"), { type: "number", value: 300, min: 10 }), one("floor", t("shift.floor"), { type: "number", value: 70, min: 0, note: t("shift.floor_note") }),
      one("minutes", t("controls.minutes"), { type: "number", value: 30, min: 1, required: true }),
      one("force", t("shift.force"), { options: [{ value: "no", label: t("frame.no") }, { value: "yes", label: t("frame.yes") }], value: "no" }),
    ],
    preview: async (values) => {
      const { body } = await api.ask("POST", "/controls/preview", { body: wanted(values), timeout_ms: 15000 });
      etag = body.etag;
      return [effect(body), body.shift ? outlook(body.shift) : null];
    },
    danger: true, confirm: t("controls.do"),
    act: (values) => api.ask("POST", "/controls", { etag, body: wanted(values) }),
  });
  if (!done) return;
  toast(t("controls.begun", { control: word("control", kind) }));
  await after();
}

/** Whether those who get the callers can carry them. */
function outlook(told) {
  const row = (one) => h("li", {}, name(`${one.site} / ${one.queue}`), ": ", t("shift.outlook", {
    calls: number(one.calls_per_hour), after: number(one.calls_per_hour_after), level: percent(one.service_level), level_after: percent(one.service_level_after), load: percent(one.occupancy_after),
  }));
  return h("div", {}, told.problems.length ? badge("bad", t("shift.too_much")) : badge("good", t("shift.carries")),
    told.problems.map((one) => h("p", { class: "wrap", dir: "auto" }, one)), h("ul", { class: "story" }, [...told.origins, ...told.targets].map(row)), told.problems.length ? h("p", {}, t("shift.largest", { share: percent(told.share_max) })) : null);
}
