// Small drawings of numbers. Rule of this file: each says in words what it shows, for whoever does not see it.

import { s } from "./dom.js";
import { number } from "./formats.js";
import { t } from "./texts.js";

/** A curve as wide as a word: points oldest first. */
export function sparkline(points, { width = 88, height = 22, label = "", max, wide = false } = {}) {
  const top = Math.max(max ?? 0, 1, ...points.filter((one) => one !== null));
  const last = points.at(-1);
  const words = t("graph.spark", { label, now: number(last), max: number(Math.max(0, ...points)) });
  const step = points.length > 1 ? (width - 4) / (points.length - 1) : 0;
  const at = (value, n) => `${(2 + n * step).toFixed(1)} ${(height - 2 - ((value ?? 0) / top) * (height - 5)).toFixed(1)}`;
  const line = points.map((value, n) => `${n ? "L" : "M"}${at(value, n)}`).join("");
  const area = points.length > 1 ? `${line}L${(2 + (points.length - 1) * step).toFixed(1)} ${height - 1}L2 ${height - 1}Z` : "";
  const [x, y] = points.length ? at(last, points.length - 1).split(" ") : [0, 0];
  return s("svg", { class: "spark", role: "img", "aria-label": words, width, height, viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: wide ? "none" : null },
    s("path", { class: "area", d: area }), s("path", { class: "line", d: line }),
    points.length && !wide ? s("circle", { class: "now", cx: x, cy: y, r: 1.8 }) : null);
}

/** Curves over time with a scale: `series` is `[{points, label, kind}]`; `labels` say when, left and right. */
export function chart(series, { width = 640, height = 150, label = "", labels = [] } = {}) {
  const all = series.flatMap((one) => one.points).filter((one) => one !== null && one !== undefined);
  const top = nice(Math.max(1, ...all));
  const [left, right, up, down] = [34, 8, 10, 20];
  const y = (value) => up + (1 - value / top) * (height - up - down);
  const lines = [0, top / 2, top].map((value) => [
    s("line", { class: "rule", x1: left, x2: width - right, y1: y(value), y2: y(value) }),
    s("text", { class: "scale", x: left - 6, y: y(value) + 3.5, "text-anchor": "end" }, number(value, top < 4 && value % 1 ? 1 : 0)),
  ]);
  const curves = series.map((one) => s("path", { class: `curve ${one.kind}`, d: path(one.points, left, width - right, y) }));
  const ends = labels.map((text, n) => s("text", { class: "scale", x: n ? width - right : left, y: height - 5, "text-anchor": n ? "end" : "start" }, text));
  const words = series.map((one) => t("graph.spark", { label: one.label, now: number(one.points.at(-1)), max: number(Math.max(0, ...one.points)) }));
  return s("svg", { class: "chart", role: "img", "aria-label": `${label}: ${words.join("; ")}`, viewBox: `0 0 ${width} ${height}` }, lines, curves, ends);
}

/** Parts of a whole as one bar: `[{value, kind, label}]`. */
export function bar(parts, { width = 120, height = 8 } = {}) {
  const whole = parts.reduce((sum, one) => sum + one.value, 0) || 1;
  const words = parts.map((one) => `${one.label} ${number(one.value)}`).join(", ");
  let x = 0;
  const boxes = parts.filter((one) => one.value > 0).map((one) => {
    const part = (one.value / whole) * width;
    x += part;
    return s("rect", { class: `part ${one.kind}`, x: (x - part).toFixed(1), y: 0, width: Math.max(0, part - 1).toFixed(1), height });
  });
  return s("svg", { class: "bar", role: "img", "aria-label": words, width, height, preserveAspectRatio: "none", viewBox: `0 0 ${width} ${height}` },
    s("rect", { class: "part none", x: 0, y: 0, width, height }), boxes);
}

function path(points, left, right, y) {
  const step = points.length > 1 ? (right - left) / (points.length - 1) : 0;
  let up = true;
  return points.map((value, n) => {
    if (value === null || value === undefined) { up = true; return ""; }
    const word = up ? "M" : "L";
    up = false;
    return `${word}${(left + n * step).toFixed(1)} ${y(value).toFixed(1)}`;
  }).join("");
}

/** The next round number above, for the top of a scale. */
function nice(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 10].map((one) => one * power).find((one) => one >= value);
}
