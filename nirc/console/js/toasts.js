// Short words about what was just done. Rule of this file: they tell what the page shows elsewhere, too; what
// went wrong stays until it is closed.

import { h } from "./dom.js";
import { problemOf } from "./problem.js";
import { t } from "./texts.js";

const SHOWN_MS = 6000;
const KEPT_MAX = 4;

let region = null;

/** The place where they appear; once, in the frame. */
export function toastRegion() {
  region = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  return region;
}

/** Say that it is done. */
export function toast(text) {
  const one = show(text, "done");
  setTimeout(() => one.remove(), SHOWN_MS);
}

/** Say that it failed, and why. */
export function toastProblem(error) {
  const problem = problemOf(error);
  show(problem.remedy ? t("toast.problem", problem) : problem.title, "failed");
}

function show(text, kind) {
  const close = h("button", { type: "button", class: "bare", "aria-label": t("toast.close"), onclick: () => one.remove() }, "✕");
  const shape = h("span", { class: `shape ${kind === "done" ? "good" : "bad"}`, "aria-hidden": "true" });
  const one = h("div", { class: `toast ${kind}` }, shape, h("bdi", {}, text), close);
  region.append(one);
  while (region.children.length > KEPT_MAX) region.firstChild.remove();
  return one;
}
