// Shows what went wrong. Rule of this file: what, where and what to do, in this order; never an object's name.

import { h, name } from "./dom.js";
import { t } from "./texts.js";

/** An error of ours, or anything else that was thrown, as problem+json. */
export function problemOf(error) {
  if (error?.problem) return error.problem;
  console.error(error);
  return { title: t("problem.own_fault"), status: 0, detail: String(error?.message ?? error), remedy: t("problem.own_fault_remedy") };
}

/** A panel that says it; with `again` a button that tries once more. `level`: of its heading. */
export function problemView(error, again, level = 2) {
  const problem = problemOf(error);
  return h("section", { class: "problem", role: "alert" },
    h(`h${level}`, {}, shape(), name(problem.title)),
    problem.detail && h("p", {}, name(problem.detail, { class: "name wrap" })),
    problem.place && h("p", {}, t("problem.place"), " ", name(problem.place, { class: "name wrap place" })),
    problem.remedy && h("p", { class: "remedy" }, t("problem.remedy"), " ", name(problem.remedy, { class: "name wrap" })),
    problem.status ? h("p", { class: "quiet" }, t("problem.answered", { status: problem.status })) : null,
    again && h("p", {}, h("button", { type: "button", onclick: again }, t("problem.again"))),
  );
}

function shape() {
  return h("span", { class: "shape bad", "aria-hidden": "true" });
}
