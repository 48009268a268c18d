// Alarms that stand, of every node. Rule of this file: who cares for one is said at the node where it stands;
// an alarm ends with its cause, never by a click.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { duration, instant } from "../formats.js";
import * as nodes from "../nodes.js";
import { facts, head, names, rowButton } from "../page_parts.js";
import * as session from "../session.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { has, t, word } from "../texts.js";
import { toast } from "../toasts.js";

const OTHERS_S = 4;
const GONE = 404;
const LEVELS = { critical: "bad", major: "bad", minor: "warn", warning: "warn", indeterminate: "unknown" };
const WEIGHTS = ["critical", "major", "minor", "warning", "indeterminate"];

/** How grave an alarm is; of a node that grades none, a warning. */
export function alarmLevel(alarm) {
  return LEVELS[alarm.severity] ?? "warn";
}

/** A number by which alarms are put in order, the gravest first. */
export function alarmWeight(alarm) {
  return alarm.severity in LEVELS ? WEIGHTS.indexOf(alarm.severity) : WEIGHTS.length;
}

function severity(alarm) {
  return badge(alarmLevel(alarm), alarm.severity ? word("severity", alarm.severity) : t("alarms.stands"));
}

/** What an alarm is called: its code where this language has no name for it. */
export function alarmName(code) {
  return has(`alarm.${code}`) ? t(`alarm.${code}`) : code.replaceAll("_", " ");
}

export function open(visit) {
  const others = new Map();
  const silent = h("p", { class: "remark", hidden: true });
  const shown = table({ id: "alarms", caption: t("alarms.title"), key: (row) => `${row.code}/${row.place}`, sort: "severity", empty: t("alarms.none"), columns: columns(() => look()) });
  const own = () => store.status?.node ?? "";
  const draw = () => {
    others.delete(own());
    const elsewhere = [...others].flatMap(([node, alarms]) => alarms.map((one) => ({ ...one, node })));
    shown.update(together([...store.all("alarm").map((one) => ({ ...one, node: own() })), ...elsewhere]));
  };
  const look = async () => {
    const missing = [];
    for (const { node } of nodes.all()) {
      if (node === own()) continue;
      try {
        others.set(node, (await api.ask("GET", "/alarms", { node })).body.alarms);
      } catch {
        missing.push(node);
        others.delete(node);
      }
    }
    silent.hidden = missing.length === 0;
    put(silent, t("alarms.silent", { nodes: missing.join(", ") }));
    draw();
  };
  visit.live(["alarm", "status"], draw);
  visit.every(OTHERS_S, look);
  visit.every(1, draw);
  return h("div", {}, head(t("alarms.title"), t("alarms.lead")), silent, shown.node);
}

/** One row for what stands at several nodes: whoever cares for it cares for it at all of them. */
function together(alarms) {
  const rows = new Map();
  for (const one of alarms) {
    const key = `${one.code}/${one.place}`;
    const row = rows.get(key) ?? { ...one, since_unix_s: Infinity, nodes: [], waiting: [] };
    row.nodes.push(one.node);
    row.since_unix_s = Math.min(row.since_unix_s, one.since_unix_s);
    if (!one.acknowledged_by) row.waiting.push(one.node);
    rows.set(key, row);
  }
  return [...rows.values()].map((row) => ({ ...row, nodes: row.nodes.sort(), acknowledged_by: row.waiting.length ? "" : row.acknowledged_by }));
}

function columns(looked) {
  return [
    { id: "severity", label: t("alarms.severity"), kind: "state", value: alarmWeight, sign: (row) => row.severity ?? "", cell: severity },
    { id: "code", label: t("alarms.alarm"), value: (row) => alarmName(row.code), cell: (row) => h("span", { class: "once", title: row.code }, alarmName(row.code)) },
    names("place", t("alarms.place"), (row) => row.place, { kind: "wide" }),
    { id: "text", label: t("alarms.text"), kind: "prose", value: (row) => row.text, sign: (row) => `${row.text}${row.advice ?? ""}`, cell: told },
    names("node", t("alarms.node"), (row) => row.nodes.join(", ")),
    {
      id: "since", label: t("alarms.for"), kind: "number", first: "down", value: (row) => Date.now() / 1000 - row.since_unix_s,
      sign: (row) => stood(row), cell: (row) => h("span", { title: instant(row.since_unix_s) }, stood(row)),
    },
    {
      id: "acknowledged", label: t("alarms.acknowledged"), kind: "wide", value: (row) => row.acknowledged_by, sign: (row) => `${row.acknowledged_by} ${row.waiting}`,
      cell: (row) => (row.acknowledged_by ? by(row) : rowButton(t("alarms.acknowledge"), `${alarmName(row.code)} ${row.place}`, () => acknowledge(row).then(looked))),
    },
  ];
}

function told(row) {
  return [name(row.text, { class: "name wrap" }), row.advice && h("p", { class: "quiet wrap", dir: "auto" }, row.advice)];
}

function stood(row) {
  return duration(Date.now() / 1000 - row.since_unix_s);
}

function by(row) {
  return h("span", { title: `${instant(row.acknowledged_at_unix_s)} ${row.acknowledged_reason}` }, name(row.acknowledged_by), " ", h("span", { class: "quiet" }, instant(row.acknowledged_at_unix_s)));
}

async function acknowledge(row) {
  const done = await ask({
    title: t("alarms.acknowledge_title"),
    text: t("alarms.acknowledge_text"),
    preview: () => facts([[t("alarms.alarm"), alarmName(row.code)], [t("alarms.place"), row.place], [t("alarms.text"), row.text], [t("alarms.node"), row.waiting.join(", ")]]),
    reason: "optional",
    confirm: t("alarms.acknowledge"),
    act: ({ reason }) => Promise.all(row.waiting.map((node) => acknowledgeAt(node, row, reason))),
  });
  if (done) toast(t("alarms.acknowledged_now", { alarm: alarmName(row.code) }));
}

/** At one node; where it stands no more there is nothing left to say. */
async function acknowledgeAt(node, row, reason) {
  try {
    await api.ask("POST", "/alarms/acknowledge", { node, body: { code: row.code, place: row.place, author: session.author(), reason } });
  } catch (error) {
    if (error.status !== GONE) throw error;
  }
}
