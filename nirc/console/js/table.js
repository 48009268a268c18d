// Tables of live things: sort, filter, pages, keyboard. Rule of this file: rows are known by their keys and
// changed in place, so that focus, selection and the place of the eye outlive every update.

import { h, name, put } from "./dom.js";
import { t } from "./texts.js";

const PAGE_ROWS = 50;
const remembered = new Map();

/**
 * `columns`: `{id, label, value(row), cell(row)?, kind?, first?, hidden?, note?}`; `value` is sorted and
 * filtered by, `cell` is what is shown where that is another thing, `kind` is text | number | state | act,
 * `first` is "down" where the largest value is what one looks for. `open(row)`: what Enter does where a row
 * has no link of its own. Gives `{node, update(rows)}`.
 */
export function table({ id, caption, columns, key, empty, sort, open, tools = [], filters = true, rows_max = PAGE_ROWS }) {
  const view = remembered.get(id) ?? { sort: sort ?? columns[0].id, down: false, text: "", page: 0 };
  if (!remembered.has(id)) view.down = columns.find((one) => one.id === view.sort)?.first === "down";
  remembered.set(id, view);
  const made = new Map();
  let rows = [];
  let told = false;

  const input = h("input", {
    type: "search", class: "filter", value: view.text, placeholder: t("table.filter"), "aria-label": t("table.filter_of", { table: caption }),
    oninput: () => { view.text = input.value; view.page = 0; draw(); },
    onkeydown: (event) => event.key === "Escape" && input.value && (event.stopPropagation(), clear()),
  });
  const count = h("span", { class: "count quiet", "aria-live": "off" });
  const heads = columns.map((one) => head(one));
  const body = h("tbody");
  const blank = h("p", { class: "empty" }, empty ?? t("table.empty"));
  const pager = h("div", { class: "pager" });
  const grid = h("table", { class: "live", "aria-label": caption }, h("thead", {}, h("tr", {}, heads)), body);
  const frame = h("div", { class: "scroll", role: "region", "aria-label": caption, tabindex: "0" }, grid);
  body.addEventListener("keydown", move);
  const bar = h("div", { class: "tablebar" }, filters ? input : null, ...tools, count);
  const node = h("div", { class: "tableset", "data-table": id }, filters || tools.length ? bar : null, frame, blank, pager);

  function head(column) {
    const shown = column.kind === "act" ? h("span", { class: "hidden" }, column.label)
      : h("button", { type: "button", class: "sorter", onclick: () => sortBy(column), title: column.note ?? null }, column.label);
    return h("th", { scope: "col", class: column.kind ?? "text", "data-column": column.id }, shown);
  }

  function clear() {
    view.text = input.value = "";
    draw();
  }

  function sortBy(column) {
    view.down = view.sort === column.id ? !view.down : column.first === "down";
    view.sort = column.id;
    view.page = 0;
    draw();
  }

  function wanted() {
    const words = view.text.toLowerCase().split(/\s+/).filter(Boolean);
    const text = (row) => columns.map((one) => String(one.filter ? one.filter(row) : one.value?.(row) ?? "")).join(" ").toLowerCase();
    const found = words.length ? rows.filter((row) => { const found = text(row); return words.every((one) => found.includes(one)); }) : [...rows];
    const by = columns.find((one) => one.id === view.sort) ?? columns[0];
    const way = view.down ? -1 : 1;
    return found.sort((a, b) => compare(by.value?.(a), by.value?.(b), way) || compare(key(a), key(b), 1));
  }

  function draw() {
    const found = wanted();
    const pages = Math.max(1, Math.ceil(found.length / rows_max));
    view.page = Math.min(view.page, pages - 1);
    const shown = found.slice(view.page * rows_max, (view.page + 1) * rows_max);
    for (const one of heads) one.setAttribute("aria-sort", one.dataset.column !== view.sort ? "none" : view.down ? "descending" : "ascending");
    place(shown);
    blank.hidden = shown.length > 0;
    frame.hidden = shown.length === 0;
    put(blank, rows.length ? t("table.none_found") : told ? empty ?? t("table.empty") : t("frame.loading"));
    put(count, found.length === rows.length ? t("table.rows", { count: rows.length }) : t("table.found", { found: found.length, of: rows.length }));
    drawPager(pages);
  }

  function place(shown) {
    const keys = new Set(shown.map(key));
    for (const [one, row] of made) if (!keys.has(one)) { row.node.remove(); made.delete(one); }
    let before = body.firstChild;
    for (const row of shown) {
      const known = made.get(key(row)) ?? add(row);
      known.row = row;
      columns.forEach((column, number) => fill(known.cells[number], column, row));
      if (known.node === before) before = before.nextSibling;
      else body.insertBefore(known.node, before);
    }
    if (!body.querySelector("tr[tabindex='0']")) body.firstChild?.setAttribute("tabindex", "0");
  }

  function add(row) {
    const cells = columns.map((one, number) => h(number ? "td" : "th", { class: one.kind ?? "text", scope: number ? null : "row", "data-label": one.label }));
    const known = { cells, row, node: h("tr", { tabindex: "-1", "data-key": key(row) }, cells) };
    made.set(key(row), known);
    return known;
  }

  function fill(cell, column, row) {
    const sign = column.sign ? column.sign(row) : column.cell && column.kind === "act" ? "" : column.value?.(row);
    const shown = `${sign}`;
    if (cell.shown === shown) return;
    cell.shown = shown;
    put(cell, column.cell ? column.cell(row) : name(String(column.value(row) ?? "")));
  }

  function drawPager(pages) {
    pager.hidden = pages < 2;
    if (pages < 2) return;
    const go = (step) => () => { view.page += step; draw(); };
    put(pager,
      h("button", { type: "button", disabled: view.page === 0, onclick: go(-1) }, t("table.before")),
      h("span", { class: "quiet" }, t("table.page", { page: view.page + 1, of: pages })),
      h("button", { type: "button", disabled: view.page === pages - 1, onclick: go(1) }, t("table.after")));
  }

  function move(event) {
    const row = event.target.closest("tr");
    if (event.target !== row) return;
    if (event.key === "Enter") return enter(row);
    const all = [...body.children];
    const at = all.indexOf(row);
    const steps = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1, PageDown: at + 10, PageUp: at - 10 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = all[Math.min(all.length - 1, Math.max(0, steps[event.key]))];
    row.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  }

  function enter(node) {
    const link = node.querySelector("a, button");
    if (link) link.click();
    else open?.(made.get(node.dataset.key).row);
  }

  draw();
  return { node, update: (found) => { rows = found; told = true; draw(); } };
}

/** Whether a comes before b; what is not known comes last either way. */
function compare(a, b, way) {
  const [noA, noB] = [a === null || a === undefined, b === null || b === undefined];
  if (noA || noB) return noA - noB;
  if (typeof a === "number" && typeof b === "number") return (a - b) * way;
  return String(a).localeCompare(String(b), undefined, { numeric: true }) * way;
}
