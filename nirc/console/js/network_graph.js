// Draws the network: sites on an ellipse around the cluster, callers who move between them as arcs.
// Rule of this file: pure drawing of what it is handed; health is a shape and a word, an arc's width is callers per minute.

import { s } from "./dom.js";
import { number } from "./formats.js";
import { t } from "./texts.js";

const WIDTHS = { least: 1.5, most: 9, per_call: 0.28 };
const SHAPES = { warn: "M0 -7 L7.5 6 L-7.5 6 Z", bad: "M-6 -6 L6 6 M6 -6 L-6 6", unknown: "M-5 0 A5 5 0 1 0 5 0 A5 5 0 1 0 -5 0" };

/**
 * `sites`: `{site, level, text, waiting, parts: [{value, kind, label}], linked, href}`; `flows`:
 * `{from, to, per_minute}`; `hub`: `{title, text, level}`; `size`: `{width, height}` in pixels.
 */
export function networkGraph(sites, flows, hub, size) {
  const radius = siteRadius(sites.length, size);
  const places = layout(sites, size, radius);
  const centre = middleOf([...places.values()], size);
  const arcs = flows.filter((one) => places.has(one.from) && places.has(one.to));
  return s("svg", { class: "network", role: "group", "aria-label": t("overview.graph"), viewBox: `0 0 ${size.width} ${size.height}`, width: size.width, height: size.height },
    s("defs", {}, s("marker", { id: "tip", viewBox: "0 0 8 8", refX: 6, refY: 4, markerWidth: 9, markerHeight: 9, orient: "auto", markerUnits: "userSpaceOnUse" }, s("path", { class: "tip", d: "M0 0 L8 4 L0 8 Z" }))),
    sites.map((one) => spoke(centre, places.get(one.site), one)),
    arcs.map((one) => arc(one, places, radius, centre)),
    hubAt(centre, hub),
    sites.map((one) => siteAt(one, places.get(one.site), radius)));
}

function siteRadius(count, { width, height }) {
  const least = Math.min(width, height);
  return Math.max(16, Math.min(46, least / 8, (Math.PI * least) / (3.2 * Math.max(3, count))));
}

/** The hub stands among the sites, where the fewest arcs pass. */
function middleOf(places, { width, height }) {
  if (places.length < 3) return { x: width / 2, y: height * (places.length ? 0.3 : 0.5) };
  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;
  return { x: mean(places.map((one) => one.x)), y: mean(places.map((one) => one.y)) - (places.length === 3 ? 26 : 0) };
}

function layout(sites, { width, height }, radius) {
  const start = sites.length === 2 ? Math.PI : -Math.PI / 2;
  const angles = sites.map((_, n) => start + (2 * Math.PI * n) / sites.length);
  const x = spread(angles.map(Math.cos), radius + 60, width - radius - 60);
  const y = spread(angles.map(Math.sin), radius + 14, height - radius - 40);
  return new Map(sites.map((one, n) => [one.site, { x: x(Math.cos(angles[n])), y: y(Math.sin(angles[n])) }]));
}

/** From the least to the greatest of some values over all the room there is; a lone value to its middle. */
function spread(values, from, to) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (value) => (most - least < 1e-6 ? (from + to) / 2 : from + ((value - least) / (most - least)) * (to - from));
}

function spoke(centre, at, site) {
  return s("line", { class: `spoke ${site.linked ? "" : "cut"}`, x1: centre.x, y1: centre.y, x2: at.x, y2: at.y });
}

function hubAt({ x, y }, hub) {
  return s("g", { class: `hub ${hub.level}`, transform: `translate(${x} ${y})` }, s("rect", { x: -62, y: -23, width: 124, height: 46, rx: 6 }),
    s("text", { class: "hubtitle", y: -3, "text-anchor": "middle" }, hub.title), s("text", { class: "hubtext", y: 13, "text-anchor": "middle" }, hub.text));
}

/** From one ring to another, bent to the right of its own way, so that there and back are two arcs. */
function arc(flow, places, radius, centre) {
  const [a, b] = [places.get(flow.from), places.get(flow.to)];
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const [nx, ny] = [-dy / length, dx / length];
  const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  // What would run over the middle bends around it.
  const near = Math.hypot(middle.x - centre.x, middle.y - centre.y) < 50;
  const bend = Math.min(90, length * (near ? 0.3 : 0.14)) + (near ? 30 : 0);
  const [cx, cy] = [middle.x + nx * bend, middle.y + ny * bend];
  const from = edge(a, { x: cx, y: cy }, radius + 3);
  const to = edge(b, { x: cx, y: cy }, radius + 9);
  const width = Math.min(WIDTHS.most, WIDTHS.least + flow.per_minute * WIDTHS.per_call);
  const at = { x: 0.25 * from.x + 0.5 * cx + 0.25 * to.x, y: 0.25 * from.y + 0.5 * cy + 0.25 * to.y };
  const words = t("overview.flow", { from: flow.from, to: flow.to, count: flow.per_minute });
  const path = `M${round(from)}Q${round({ x: cx, y: cy })} ${round(to)}`;
  const label = number(flow.per_minute);
  const half = 7 + label.length * 3.6;
  return s("g", { class: "flow", role: "img", "aria-label": words }, s("title", {}, words),
    s("path", { class: "stem", d: path, "stroke-width": width, "marker-end": "url(#tip)" }), s("path", { class: "beads", d: path }),
    s("rect", { class: "ratebox", x: at.x - half, y: at.y - 9, width: 2 * half, height: 18, rx: 9 }), s("text", { class: "rate", x: at.x, y: at.y + 4, "text-anchor": "middle" }, label));
}

function siteAt(site, { x, y }, radius) {
  const health = site.level === "good" ? "" : site.text;
  const words = t("overview.site_words", { site: site.site, state: site.text, waiting: site.waiting, parts: site.parts.map((one) => `${one.label} ${one.value}`).join(", ") });
  const big = radius >= 26;
  return s("a", { class: `site ${site.level}`, href: site.href, transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`, "aria-label": words }, s("title", {}, words),
    s("circle", { class: "disc", r: radius }), ring(site.parts, radius), site.linked ? null : s("circle", { class: "cut", r: radius + 5 }),
    s("text", { class: big ? "waiting" : "waiting small", y: big ? 4 : 5, "text-anchor": "middle" }, number(site.waiting)),
    big ? s("text", { class: "unit", y: 19, "text-anchor": "middle" }, t("overview.waiting_short")) : null,
    s("text", { class: "sitename", y: radius + 17, "text-anchor": "middle" }, cut(site.site)),
    health ? s("text", { class: `health ${site.level}`, y: radius + 31, "text-anchor": "middle" }, health) : null,
    SHAPES[site.level] ? mark(site.level, radius) : null);
}

function mark(level, radius) {
  const at = radius * 0.74;
  return s("g", { class: `mark ${level}`, transform: `translate(${at} ${-at})` }, s("circle", { class: "back", r: 11 }), s("path", { d: SHAPES[level] }));
}

/** Agents by state, as arcs of one ring. */
function ring(parts, radius) {
  const whole = parts.reduce((sum, one) => sum + one.value, 0);
  if (!whole) return s("circle", { class: "part none", r: radius - 4 });
  const around = 2 * Math.PI * (radius - 4);
  let done = 0;
  return parts.filter((one) => one.value > 0).map((one) => {
    const part = (one.value / whole) * around;
    const gap = part < around ? 1.5 : 0;
    const node = s("circle", { class: `part ${one.kind}`, r: radius - 4, "stroke-dasharray": `${Math.max(0.5, part - gap)} ${around}`, "stroke-dashoffset": -done, transform: "rotate(-90)" });
    done += part;
    return node;
  });
}

function edge(from, to, distance) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  return { x: from.x + ((to.x - from.x) / length) * distance, y: from.y + ((to.y - from.y) / length) * distance };
}

function cut(name) {
  const all = [...name];
  return all.length > 18 ? `${all.slice(0, 17).join("")}…` : name;
}

function round({ x, y }) {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
