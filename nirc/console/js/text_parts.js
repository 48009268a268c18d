// Texts with lines: shown with numbers, compared, written with faults beside their lines. Rule of this file: what
// is wrong is the server's word, shown at the line that it names.

import { differences } from "./differences.js";
import { h, put } from "./dom.js";
import { t } from "./texts.js";

const AROUND = 3;
const LINE = /^\s*\S*?:(\d+)\b/;

/** A text with line numbers. */
export function numbered(text) {
  return h("pre", { class: "lines", tabindex: "0" }, text.replace(/\n$/, "").split("\n").map((line, n) => [h("span", { class: "no" }, `${n + 1}`), `${line}\n`]));
}

/** What changed between two texts; lines that are the same only near those that are not. */
export function compared(before, after) {
  const lines = differences(before, after);
  if (lines === null) return h("p", {}, t("texts.too_long"));
  const near = lines.map((_, n) => lines.slice(Math.max(0, n - AROUND), n + AROUND + 1).some((one) => one.kind !== "same"));
  if (!near.some(Boolean)) return h("p", { class: "quiet" }, t("texts.same"));
  const shown = lines.flatMap((one, n) => (near[n] ? [line(one)] : near[n - 1] ? [h("span", { class: "gap" }, "⋯\n")] : []));
  return h("pre", { class: "lines diff", tabindex: "0", "aria-label": t("texts.compared") }, shown);
}

/** Somebody was faster: what changed since it was read here, and a button that takes note of it. */
export function changedMeanwhile(before, now, take) {
  return h("section", { class: "problem", role: "alert" }, h("h2", {}, t("documents.changed")), compared(before, now), h("p", {}, h("button", { type: "button", onclick: take }, t("documents.take_note"))));
}

function line({ kind, text, old, now }) {
  const sign = { same: " ", gone: "−", new: "+" }[kind];
  const said = kind === "same" ? null : h("span", { class: "hidden" }, t(`texts.${kind}`));
  return h("span", { class: `line ${kind}` }, h("span", { class: "no" }, `${now ?? old}`), said, `${sign} ${text}\n`);
}

/** A place to write: `{node, value(), set(text), faults(problem)}`. */
export function editor({ id, label, text, rows = 24 }) {
  const gutter = h("pre", { class: "gutter", "aria-hidden": "true" });
  const area = h("textarea", { id, rows, spellcheck: "false", autocapitalize: "off", wrap: "off", value: text, "aria-describedby": `${id}-faults`, oninput: () => number(), onscroll: () => { gutter.scrollTop = area.scrollTop; } });
  const said = h("ul", { class: "faults" });
  let wrong = new Set();
  const number = () => put(gutter, area.value.split("\n").map((_, n) => h("span", { class: wrong.has(n + 1) ? "wrong" : null }, `${wrong.has(n + 1) ? "▸" : ""}${n + 1}\n`)));
  const go = (at) => {
    const before = area.value.split("\n").slice(0, at - 1).join("\n").length;
    const start = at > 1 ? before + 1 : 0;
    area.focus();
    area.setSelectionRange(start, start + (area.value.split("\n")[at - 1]?.length ?? 0));
    area.scrollTop = Math.max(0, (at - 5) * (area.scrollHeight / area.value.split("\n").length));
  };
  const faults = (problem) => {
    const found = problem ? faultsOf(problem) : [];
    wrong = new Set(found.map((one) => one.line).filter(Boolean));
    put(said, found.map((one) => h("li", {}, one.line ? h("button", { type: "button", class: "small", onclick: () => go(one.line) }, t("texts.line", { line: one.line })) : null, " ", h("bdi", {}, one.text))));
    area.setAttribute("aria-invalid", String(found.length > 0));
    number();
    if (found[0]?.line) go(found[0].line);
  };
  number();
  const node = h("div", { class: "field" }, h("label", { for: id }, label), h("div", { class: "editor" }, gutter, area), h("div", { id: `${id}-faults`, role: "status" }, said));
  return { node, area, value: () => area.value, set: (next) => { area.value = next; faults(null); }, faults };
}

/** The faults of a problem: the first at its place, further ones a line of the title each. */
export function faultsOf(problem) {
  const lines = `${problem.place ? `${problem.place}: ` : ""}${problem.title}`.split("\n").filter((one) => one.trim());
  return lines.map((text, n) => ({ text: n === 0 && problem.remedy ? `${text} – ${problem.remedy}` : text, line: Number(LINE.exec(text)?.[1] ?? 0) }));
}
