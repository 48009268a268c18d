// The keyboard. Rule of this file: single keys only where nobody types, and never one that the browser owns.

import { h } from "./dom.js";
import { ROUTES } from "./routes.js";
import { t } from "./texts.js";

const GO_MS = 1200;
let going_ms = -Infinity;

/** Listen from now on. */
export function listen() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const goes = performance.now() - going_ms < GO_MS;
    going_ms = -Infinity;
    if (goes) go(event);
    else if (event.key === "g") going_ms = performance.now();
    else if (event.key === "/") focusFilter(event);
    else if (event.key === "?") showHelp();
  });
}

/** What keys there are. */
export function showHelp() {
  const rows = [["/", t("keys.filter")], ["↑ ↓", t("keys.arrows")], ["Enter", t("keys.enter")], ["Esc", t("keys.escape")], ["?", t("keys.help")],
    ...ROUTES.filter((one) => one.keys).map((one) => [`g ${one.keys}`, t(one.title)])];
  const list = h("dl", { class: "keys" }, rows.map(([key, text]) => [h("dt", {}, key.split(" ").map((one) => h("kbd", {}, one))), h("dd", {}, text)]));
  const dialog = h("dialog", { "aria-labelledby": "keys-title" }, h("h2", { id: "keys-title" }, t("keys.title")), list,
    h("div", { class: "buttons" }, h("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, t("keys.close"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function go(event) {
  const route = ROUTES.find((one) => one.keys === event.key);
  if (!route) return;
  event.preventDefault();
  location.hash = `#/${route.path}`;
}

function focusFilter(event) {
  const filter = document.querySelector("main input[type='search']");
  if (!filter) return;
  event.preventDefault();
  filter.focus();
  filter.select();
}
