// Parts that many pages have alike: headings, figures, columns. Rule of this file: looks only.

import { h, name, put } from "./dom.js";
import { duration, number } from "./formats.js";
import { address } from "./router.js";
import { hasPage } from "./routes.js";
import { store } from "./store.js";
import { t } from "./texts.js";

/** The head of a page: its title, what it is for, and acts at its end. */
export function head(title, text = "", ...acts) {
  return headed(null, title, text, acts);
}

/** The same for a page of one thing: a link to the page of them all, then its own name. */
export function headUnder(path, title, one, text = "", ...acts) {
  return headed(h("a", { class: "above", href: address(path) }, title), name(one), text, acts);
}

function headed(above, title, text, acts) {
  const made = acts.filter(Boolean);
  return h("div", { class: "head" }, above, h("h1", {}, title), text && h("p", { class: "lead" }, text), made.length ? h("div", { class: "acts" }, made) : null);
}

/** A part of a page with a heading of its own. */
export function panel(title, ...children) {
  return h("section", { class: "panel" }, h("h2", {}, title), children);
}

/** Some figures side by side: `[{id, label}]`. Gives `{node, set(id, value, {level, note, more})}`. */
export function figures(wanted) {
  const made = new Map(wanted.map((one) => [one.id, figure(one)]));
  const node = h("dl", { class: "figures" }, [...made.values()].map((one) => one.node));
  const set = (id, value, { level = "", note = "", more = null } = {}) => {
    const one = made.get(id);
    one.node.className = `figure ${level}`;
    put(one.value, value);
    put(one.note, note);
    put(one.more, more);
  };
  return { node, set };
}

function figure({ label, tip }) {
  const [value, note, more] = [h("span", { class: "value" }), h("span", { class: "note" }), h("span", { class: "more" })];
  return { value, note, more, node: h("div", { class: "figure" }, h("dt", { title: tip ?? null }, label), h("dd", {}, value, note, more)) };
}

/** Facts, each with its name: `[[label, value]]`; what is null is left out. */
export function facts(pairs) {
  const shown = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", { class: "facts" }, shown.map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", {}, value))));
}

/** A site's name, as a link to it. */
export function siteLink(site) {
  if (site === "*") return t("sites.all");
  return site ? h("a", { href: address("sites", site) }, name(site)) : "";
}

/** A call, as a link to its explanation where there is a page for that. */
export function callLink(id, shown) {
  return hasPage("explain/:id") ? h("a", { href: address("explain", id), title: id }, name(shown)) : name(shown);
}

/** A column of numbers. */
export function numbers(id, label, value, more = {}) {
  return { id, label, value, kind: "number", first: "down", cell: (row) => number(value(row)), ...more };
}

/** A column of something that grows older, in m:ss. */
export function ages(id, label, field, more = {}) {
  const value = (row) => store.aged(row, field);
  return { id, label, value, kind: "number", first: "down", cell: (row) => duration(value(row)), sign: (row) => duration(value(row)), ...more };
}

/** A column of names that link to their site. */
export function sites(id, label, value) {
  return { id, label, value, cell: (row) => siteLink(value(row)) };
}

/** A column of names. */
export function names(id, label, value, more = {}) {
  return { id, label, value, cell: (row) => name(String(value(row) ?? "")), ...more };
}

/** A small button in a row. */
export function rowButton(label, what, act) {
  return h("button", { type: "button", class: "small", "aria-label": `${label}: ${what}`, onclick: act }, label);
}

/** A line that says that only the leader knows this, while the page reads another node. */
export function leaderOnly() {
  const line = h("p", { class: "remark leaderonly", hidden: true });
  const draw = () => {
    const here = store.status?.domains.some((one) => one.leads_here);
    line.hidden = !store.status || here;
    put(line, t("frame.leader_only", { node: store.leader() || t("frame.nobody") }));
  };
  return { node: line, draw };
}
