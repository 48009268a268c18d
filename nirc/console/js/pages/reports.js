// Reports from records: one page to look at, to save as CSV, to print. Rule of this file: figures are worked out by the
// node and shown with its units; nothing is reckoned here.

import * as api from "../api.js";
import { h, name, put } from "../dom.js";
import { number } from "../formats.js";
import { head } from "../page_parts.js";
import { problemView } from "../problem.js";
import { table } from "../table.js";
import { has, t } from "../texts.js";

const BY = ["network", "site", "queue", "service", "agent", "trunk", "tenant"];
const VIEWS = ["decided", "offered", "entry"];
const TIMEOUT_MS = 30000;

export function open(visit) {
  const out = h("div", { class: "report" });
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const today = new Date().toLocaleDateString("sv");
  const fields = {
    length: select("length", ["daily", "interval"], (one) => t(`reports.${one}`)),
    by: select("by", BY, (one) => t(`reports.by_${one}`), "site"),
    view: select("view", VIEWS, (one) => t(`reports.view_${one}`)),
    begin: field("begin", h("input", { id: "begin", type: "date", value: visit.query.begin ?? today })),
    to: field("to", h("input", { id: "to", type: "date", value: visit.query.to ?? "" })),
    time_zone: field("time_zone", h("input", { id: "time_zone", value: zone, spellcheck: "false" })),
  };
  const query = () => Object.fromEntries(Object.entries(fields).filter(([id]) => id !== "length").map(([id, one]) => [id, one.input.value.trim()]));
  const path = () => `/reports/${fields.length.input.value}`;
  const look = async (event) => {
    event?.preventDefault();
    put(out, h("p", { class: "loading", role: "status" }, t("frame.loading")));
    try {
      put(out, shown(await api.get(path(), query(), { timeout_ms: TIMEOUT_MS })));
    } catch (error) {
      put(out, problemView(error, look));
    }
  };
  const save = async () => {
    try {
      const csv = await api.get(`${path()}/csv`, query(), { timeout_ms: TIMEOUT_MS, accept: "text/csv" });
      download(csv, `${fields.length.input.value}-${fields.by.input.value}-${fields.begin.input.value}.csv`);
    } catch (error) {
      put(out, problemView(error, save));
    }
  };
  const buttons = h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => window.print() }, t("reports.print")), h("button", { type: "button", onclick: save }, t("reports.csv")), h("button", { type: "submit", class: "primary" }, t("reports.show")));
  look();
  return h("div", {}, head(t("reports.title"), t("reports.lead")), h("form", { class: "panel", onsubmit: look }, h("div", { class: "formgrid" }, Object.values(fields).map((one) => one.node)), buttons), out);
}

function select(id, values, told, value = values[0]) {
  const input = h("select", { id }, values.map((one) => h("option", { value: one }, told(one))));
  input.value = value;
  return field(id, input);
}

function field(id, input) {
  return { input, node: h("div", { class: "field" }, h("label", { for: id }, t(`reports.${id === "length" ? "which" : id}`)), input) };
}

function shown(report) {
  const figures = Object.keys(report.units);
  const places = Object.keys(report.rows[0] ?? report.totals[0] ?? {}).filter((one) => !figures.includes(one));
  const columns = [
    ...places.map((one) => ({ id: one, label: told(one), value: (row) => row[one], cell: (row) => name(String(row[one] ?? "")) })),
    ...figures.map((one) => ({ id: one, label: told(one), kind: "number", note: report.units[one], value: (row) => row[one], cell: (row) => cell(row[one], report.units[one]) })),
  ];
  const rows = table({ id: "report", caption: t("reports.title"), key: (row) => places.map((one) => row[one]).join("\u0001"), empty: t("reports.none"), columns, rows_max: 500 });
  rows.update(report.rows);
  const sums = table({ id: "report-totals", caption: t("reports.totals"), filters: false, key: (row) => places.map((one) => row[one]).join("\u0001"), columns });
  sums.update(report.totals);
  const findings = report.findings.length ? h("section", { class: "panel" }, h("h2", {}, t("reports.findings", { count: report.findings.length })), h("ul", { class: "story" }, report.findings.slice(0, 50).map((one) => h("li", { dir: "auto" }, `${one.site}: ${one.told}`)))) : null;
  return [rows.node, report.totals.length ? h("section", { class: "panel" }, h("h2", {}, t("reports.totals")), sums.node) : null, findings];
}

function told(key) {
  return has(`figure.${key}`) ? t(`figure.${key}`) : key.replaceAll("_", " ");
}

function cell(value, unit) {
  if (value === null || value === undefined) return "–";
  if (typeof value !== "number") return name(String(value));
  return unit === "share" || unit === "%" ? `${number(value * (unit === "share" ? 100 : 1), 1)} %` : number(value, value % 1 ? 1 : 0);
}

/** Hand a text to the browser's downloads. */
function download(text, file) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  const link = h("a", { href: url, download: file });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
