// The last hours of a site or of the network, as a node has kept them. Rule of this file: asked for seldom, for it
// changes each quarter of an hour; what no node saw is a gap, never a zero.

import { get } from "./api.js";
import { h, put } from "./dom.js";
import { instant, seconds } from "./formats.js";
import { chart } from "./graphs.js";
import { problemView } from "./problem.js";
import { t } from "./texts.js";

const LOOK_S = 60;
const POINTS_MIN = 2;

/** A drawing that keeps itself up to date until the page is left; `site`: of it alone, empty: the network. */
export function dayChart(visit, site = "") {
  const place = h("div", { class: "chartset" }, h("p", { class: "empty" }, t("frame.loading")));
  visit.every(LOOK_S, async () => {
    try {
      draw(place, await get("/history", site ? { site } : { limit: 1 }), site);
    } catch (error) {
      put(place, problemView(error));
    }
  });
  return place;
}

function draw(place, history, site) {
  const found = history.places.find((one) => one.site === site && one.queue === "");
  const seen = found ? found.waiting_mean.filter((one) => one !== null).length : 0;
  if (seen < POINTS_MIN) return put(place, h("p", { class: "empty" }, t("day.too_short", { node: history.node })));
  const series = [
    { points: found.ready_mean, kind: "ready", label: t("sites.ready") }, { points: found.busy_mean, kind: "busy", label: t("sites.busy") },
    { points: found.waiting_max, kind: "waiting", label: t("day.waiting_max") },
    ...(site ? [] : [{ points: found.moved, kind: "moved", label: t("day.moved") }]),
  ];
  const width = Math.max(300, Math.min(1200, place.clientWidth || 640));
  const legend = h("ul", { class: "legend" }, series.map((one) => h("li", {}, h("span", { class: `swatch ${one.kind}`, "aria-hidden": "true" }), one.label)));
  const note = h("p", { class: "quiet" }, t("day.note", { node: history.node, every: seconds(history.interval_s) }));
  put(place, legend, chart(series, { width, label: t("day.title"), labels: [instant(history.begin_unix_s[0]), t("graph.now")] }), note);
}
