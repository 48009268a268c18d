// Alarm rules in use, what happened to alarms, who is told, and silences. Rule of this file: rules are documents and
// are written there; here they are read with what they see now.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { duration, instant } from "../formats.js";
import { facts, head, names, numbers, panel, rowButton } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import * as session from "../session.js";
import { badge } from "../states.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { toast } from "../toasts.js";
import { alarmLevel, alarmName } from "./alarms.js";

const LOOK_S = 4;
const HAPPENED = { raised: "warn", cleared: "good", acknowledged: "note" };

export async function open(visit) {
  const failed = h("div");
  const sets = {
    rules: table({ id: "alarm-rules", caption: t("rules.title"), key: (row) => row.name, empty: t("rules.none"), columns: ruleColumns() }),
    history: table({ id: "alarm-history", caption: t("rules.history"), key: (row) => row.id, sort: "at", rows_max: 15, empty: t("rules.no_history"), columns: historyColumns() }),
    channels: table({ id: "alarm-channels", caption: t("rules.channels"), filters: false, key: (row) => row.name, empty: t("rules.no_channels"), columns: channelColumns() }),
    silences: table({ id: "silences", caption: t("rules.silences"), filters: false, key: (row) => row.id, empty: t("rules.no_silences"), columns: silenceColumns(() => look()) }),
  };
  const look = async () => {
    try {
      const [rules, history, channels, silences] = await Promise.all([
        api.list("/alarm-rules", "rules"), api.get("/alarms/history", { limit: 500 }), api.get("/alarm-channels"), api.get("/silences"),
      ]);
      sets.rules.update(rules);
      sets.history.update(history.events);
      sets.channels.update(channels.channels);
      sets.silences.update(silences.silences);
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  const silence = h("button", { type: "button", onclick: () => begin(look) }, t("rules.silence"));
  const test = h("button", { type: "button", onclick: () => sendTest("") }, t("rules.test"));
  const link = h("a", { class: "button", href: address("documents", "new", { kind: "AlarmRules" }) }, t("rules.new"));
  return h("div", {}, head(t("rules.title"), t("rules.lead"), link), failed, sets.rules.node,
    panel(t("rules.history"), sets.history.node), panel(t("rules.channels"), sets.channels.node, h("div", { class: "buttons" }, test)), panel(t("rules.silences"), sets.silences.node, h("div", { class: "buttons" }, silence)));
}

function ruleColumns() {
  return [
    { id: "name", label: t("alarms.alarm"), value: (row) => alarmName(row.name), cell: (row) => h("span", { title: row.name }, alarmName(row.name)) },
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => row.standing.length, first: "down", sign: (row) => `${row.standing} ${row.off} ${row.problem} ${row.watched_here}`, cell: ruleState },
    { id: "severity", label: t("alarms.severity"), kind: "state", value: (row) => row.severity, sign: (row) => `${row.severity} ${row.standing}`, cell: (row) => badge(row.standing.length ? alarmLevel(row) : "unknown", word("severity", row.severity)) },
    { id: "condition", label: t("rules.condition"), kind: "prose", value: (row) => row.condition, cell: (row) => name(row.condition, { class: "name wrap" }) },
    names("figure", t("rules.figure"), (row) => row.figure),
    numbers("places", t("rules.places"), (row) => row.watched_count),
    names("overrides", t("rules.overrides"), (row) => row.places.map((one) => `${one.place}: ${one.off ? t("rules.off") : one.condition || one.severity || ""}`).join("; ")),
    { id: "document", label: t("documents.document"), value: (row) => row.document, cell: (row) => documentLink(row.document) },
  ];
}

function ruleState(row) {
  if (row.problem) return badge("warn", t("rules.broken"), row.problem);
  if (row.off) return badge("unknown", t("rules.off"));
  if (row.standing.length) return badge("bad", t("rules.standing", { count: row.standing.length }), row.standing.join(", "));
  return row.watched_here ? badge("good", t("rules.quiet")) : badge("unknown", t("rules.elsewhere"));
}

function documentLink(key) {
  const [kind, one] = key.split("/");
  return one ? h("a", { href: address("documents", kind, one) }, name(one)) : name(t("rules.shipped"));
}

function historyColumns() {
  return [
    { id: "at", label: t("decisions.at"), first: "down", value: (row) => row.at_unix_s, cell: (row) => h("span", { class: "once" }, instant(row.at_unix_s)) },
    { id: "happened", label: t("policy.what"), kind: "state", value: (row) => row.happened, cell: (row) => badge(HAPPENED[row.happened] ?? "note", word("happened", row.happened)) },
    { id: "alarm", label: t("alarms.alarm"), value: (row) => alarmName(row.code), cell: (row) => h("span", { title: row.code }, alarmName(row.code)) },
    names("place", t("alarms.place"), (row) => row.place),
    { id: "text", label: t("alarms.text"), kind: "prose", value: (row) => row.text, cell: (row) => name(row.text, { class: "name wrap" }) },
    names("node", t("alarms.node"), (row) => row.node),
    names("who", t("audit.author"), (row) => [row.who, row.reason].filter(Boolean).join(": ")),
  ];
}

function channelColumns() {
  return [
    names("name", t("documents.name"), (row) => row.name),
    { id: "kind", label: t("rules.by"), value: (row) => word("channel", row.kind) },
    names("to", t("rules.to"), (row) => row.to),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => row.problem, sign: (row) => `${row.problem} ${row.sent_count}`, cell: (row) => (row.problem ? badge("bad", row.problem) : badge("good", t("rules.sent", { count: row.sent_count }))) },
    { id: "severity", label: t("rules.from_severity"), value: (row) => word("severity", row.severity_at_least) },
    { id: "act", label: t("table.acts"), kind: "act", cell: (row) => rowButton(t("rules.test"), row.name, () => sendTest(row.name)) },
  ];
}

function silenceColumns(after) {
  return [
    names("code", t("alarms.alarm"), (row) => row.code),
    names("place", t("alarms.place"), (row) => row.place),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => (row.in_force ? 0 : 1), cell: (row) => (row.in_force ? badge("note", t("controls.in_force")) : badge("unknown", instant(row.from_unix_s))) },
    { id: "until", label: t("controls.ends"), value: (row) => row.until_unix_s, cell: (row) => h("span", { class: "once" }, instant(row.until_unix_s)) },
    names("author", t("audit.author"), (row) => row.author),
    names("reason", t("dialog.reason"), (row) => row.reason),
    { id: "act", label: t("table.acts"), kind: "act", cell: (row) => rowButton(t("controls.end"), row.id, () => end(row, after)) },
  ];
}

async function begin(after) {
  const done = await ask({
    title: t("rules.silence_title"), text: t("rules.silence_text"), confirm: t("rules.silence"),
    fields: [{ id: "code", label: t("alarms.alarm"), value: "*", note: t("rules.pattern"), required: true }, { id: "place", label: t("alarms.place"), value: "*", required: true }, { id: "minutes", label: t("controls.minutes"), type: "number", value: 60, min: 1, required: true }],
    act: ({ code, place, minutes, reason }) => api.ask("POST", "/silences", { body: { code, place, lasts_s: minutes * 60, author: session.author(), reason } }),
  });
  if (!done) return;
  toast(t("rules.silenced"));
  await after();
}

async function end(row, after) {
  const done = await ask({
    title: t("rules.end_title"), preview: () => facts([[t("alarms.alarm"), row.code], [t("alarms.place"), row.place], [t("controls.left"), duration(row.until_unix_s - Date.now() / 1000)]]), reason: "optional", confirm: t("controls.end"),
    act: ({ reason }) => api.ask("DELETE", `/silences/${encodeURIComponent(row.id)}`, { query: { author: session.author(), reason } }),
  });
  if (done) await after();
}

async function sendTest(channel) {
  const done = await ask({
    title: t("rules.test_title"), text: t("rules.test_text"), reason: "optional", confirm: t("rules.test"),
    act: async ({ reason }) => (await api.ask("POST", "/alarm-channels/test", { body: { channel, author: session.author(), reason }, timeout_ms: 60000 })).body,
  });
  if (done) toast(done.results.map((one) => `${one.channel}: ${one.sent ? t("rules.sent_now") : one.problem}`).join("; ") || t("rules.no_channels"));
}
