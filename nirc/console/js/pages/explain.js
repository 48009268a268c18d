// Why one call went where it went. Rule of this file: the sentences are the node's own, the same that `nrcli explain`
// prints; here they get a picture, a table of candidates, and a second look while the call goes on.

import * as api from "../api.js";
import { h, name, put } from "../dom.js";
import { instant } from "../formats.js";
import { head, headUnder, panel } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import { badge } from "../states.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { legend, timeline } from "../timeline.js";

const LOOK_S = 3;
const LOOKS_MAX = 40;
const DECISIONS_MAX = 12;

export function open(visit) {
  return visit.params.id ? explained(visit, visit.params.id) : search();
}

/** A page to name a call. */
function search() {
  const input = h("input", { id: "call", type: "search", required: true, maxlength: 200, autocomplete: "off", spellcheck: "false" });
  const go = (event) => {
    event.preventDefault();
    if (input.value.trim()) location.hash = address("explain", input.value.trim()).slice(1);
  };
  return h("div", {}, head(t("explain.title"), t("explain.lead")),
    h("form", { class: "panel find", onsubmit: go }, h("div", { class: "field" }, h("label", { for: "call" }, t("explain.call")), input, h("p", { class: "quiet" }, t("explain.call_note"))),
      h("button", { type: "submit", class: "primary" }, t("explain.find"))));
}

async function explained(visit, id) {
  const body = h("div");
  let shown = "";
  let looks = 0;
  const look = async () => {
    if (looks > LOOKS_MAX) return;
    try {
      const told = await api.get(`/calls/${encodeURIComponent(id)}/explanation`, {}, { timeout_ms: 8000 });
      looks += isOver(told) ? LOOKS_MAX : 1;
      if (JSON.stringify(told) === shown) return;
      shown = JSON.stringify(told);
      put(body, story(told));
    } catch (error) {
      looks += LOOKS_MAX * (error.status === 404 || error.status === 409);
      if (!shown) put(body, problemView(error, () => visit.every(LOOK_S, look)));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  return h("div", {}, headUnder("decisions", t("decisions.title"), id, t("explain.page_lead")), body);
}

/** Nothing more will be told of it. */
function isOver(told) {
  return told.missing.length === 0 && told.moments.at(-1)?.kind === "ends";
}

function story(told) {
  return [
    h("p", { class: "headline", dir: "auto" }, told.headline),
    told.moments.length ? panel(t("explain.picture"), timeline(told.moments), legend(told.moments)) : null,
    panel(t("explain.story"), h("ol", { class: "story" }, told.story.map((one) => h("li", { dir: "auto" }, one))), told.missing.map((one) => h("p", { class: "leaderonly", dir: "auto" }, one))),
    told.decisions.slice(-DECISIONS_MAX).map((one, number) => decided(one, number + 1 + Math.max(0, told.decisions.length - DECISIONS_MAX))),
  ];
}

function decided(one, number) {
  const rows = one.candidates;
  const shown = table({
    id: `candidates-${one.decision_id}`, caption: t("explain.candidates", { number }), filters: rows.length > 8, key: (row) => `${row.site}/${row.queue}/${row.agent}`, sort: "chosen",
    empty: t("explain.no_candidates"), columns: candidateColumns(),
  });
  shown.update(rows);
  const mode = one.mode === "live" ? null : badge("note", word("mode", one.mode));
  return h("section", { class: "panel" }, h("h2", {}, t("explain.decision", { number, at: instant(one.at_unix_s) }), " ", badge("unknown", word("outcome", one.outcome)), " ", mode),
    rows.length ? shown.node : h("p", { class: "quiet" }, t("explain.no_candidates")),
    h("details", {}, h("summary", {}, t("explain.figures")), h("pre", { class: "figurelines", tabindex: "0" }, one.figures.join("\n"))));
}

function candidateColumns() {
  return [
    { id: "place", label: t("explain.place"), value: (row) => [row.site, row.queue, row.agent].join("/"), cell: (row) => name([row.site, row.queue, row.agent].filter(Boolean).join(" / ")) },
    { id: "chosen", label: t("explain.chosen"), kind: "state", value: (row) => (row.chosen ? 0 : 1), filter: () => "", cell: (row) => (row.chosen ? badge("good", t("explain.best")) : badge("unknown", t("explain.lost"))) },
    { id: "why", label: t("explain.why"), kind: "prose", value: (row) => row.why, cell: (row) => h("span", { class: "wrap", dir: "auto" }, row.why) },
  ];
}
