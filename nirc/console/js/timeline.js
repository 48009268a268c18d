// Draws what happened to a caller: a lane for each place, time from left to right. Rule of this file: each bar says in
// words what it is; the story beside it says the same for whoever does not see the picture.

import { h, s } from "./dom.js";
import { number } from "./formats.js";
import { t, word } from "./texts.js";

const WIDTH = 900;
const LEFT = 130;
const LANE = 40;
const BAR = 16;
const NAME_CHARS_MAX = 16;
const LEAST = 3;

/** `moments` as an explanation tells them. */
export function timeline(moments) {
  const begin = Math.min(...moments.map((one) => one.at_unix_s));
  const end = Math.max(...moments.map((one) => one.at_unix_s + one.lasted_s), begin + 0.5);
  const x = (unix_s) => LEFT + ((unix_s - begin) / (end - begin)) * (WIDTH - LEFT - 20);
  const lanes = [...new Set(moments.map(laneOf))];
  const height = lanes.length * LANE + 34;
  const rows = lanes.map((lane, row) => [
    s("line", { class: "rule", x1: LEFT, x2: WIDTH - 10, y1: middle(row), y2: middle(row) }),
    s("text", { class: "lane", x: LEFT - 10, y: middle(row) + 4, "text-anchor": "end" }, s("title", {}, lane), shortened(lane)),
  ]);
  const marks = moments.map((one) => mark(one, lanes.indexOf(laneOf(one)), x));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const at = begin + part * (end - begin);
    return s("text", { class: "scale", x: x(at), y: height - 6, "text-anchor": part === 1 ? "end" : part === 0 ? "start" : "middle" }, `${number(at - begin, 1)} s`);
  });
  const words = t("explain.picture_words", { count: moments.length, places: lanes.join(", "), time: number(end - begin, 1) });
  return s("svg", { class: "timeline", role: "img", "aria-label": words, viewBox: `0 0 ${WIDTH} ${height}` }, rows, marks, ticks);
}

/** What its shapes mean. */
export function legend(moments) {
  const kinds = [...new Set(moments.map((one) => one.kind))].filter((one) => one !== "ends");
  const sign = (kind) => s("svg", { width: 18, height: 18, "aria-hidden": "true" }, mark({ kind, at_unix_s: kind === "waits" || kind === "rings" || kind === "talks" ? 1 : 9, lasted_s: 16, text: "" }, 0, (x) => x, 9));
  return h("ul", { class: "legend" }, kinds.map((one) => h("li", {}, sign(one), word("moment", one))));
}

function laneOf(one) {
  return one.kind === "asks" ? t("explain.nirc") : one.site;
}

function middle(row) {
  return row * LANE + LANE / 2;
}

function mark(one, row, x, y = middle(row)) {
  const from = x(one.at_unix_s);
  const wide = Math.max(LEAST, x(one.at_unix_s + one.lasted_s) - from);
  const title = s("title", {}, `${word("moment", one.kind)}: ${one.text}`);
  if (one.kind === "ends" || one.kind === "promise") return s("path", { class: `moment ${one.kind}`, d: `M${from} ${y - 9}V${y + 9}` }, title);
  if (one.kind === "asks" || one.kind === "moves" || one.kind === "fails") {
    return s("path", { class: `moment ${one.kind}`, d: `M${from} ${y - 9}L${from + 9} ${y}L${from} ${y + 9}L${from - 9} ${y}Z` }, title);
  }
  const tall = one.kind === "talks" ? BAR : one.kind === "rings" ? BAR / 2 : BAR / 1.4;
  return s("rect", { class: `moment ${one.kind}`, x: from, y: y - tall / 2, width: wide, height: tall, rx: 2 }, title);
}

function shortened(text) {
  return text.length > NAME_CHARS_MAX ? `${text.slice(0, NAME_CHARS_MAX - 1)}…` : text;
}
