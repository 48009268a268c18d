// What each user sets for this browser, and their session. Rule of this file: nothing here changes the network.

import * as api from "../api.js";
import { h } from "../dom.js";
import { instant } from "../formats.js";
import { showHelp } from "../keys.js";
import { facts, head, panel } from "../page_parts.js";
import * as session from "../session.js";
import * as texts from "../texts.js";
import { t } from "../texts.js";
import * as theme from "../theme.js";

export function open() {
  return h("div", {}, head(t("settings.title"), t("settings.lead")), panel(t("settings.look"), language(), themes()), panel(t("settings.session"), mine(), leave()),
    panel(t("keys.title"), h("p", {}, t("settings.keys")), h("button", { type: "button", onclick: showHelp }, t("frame.help"))));
}

function language() {
  const choose = h("select", { id: "language", onchange: async () => { await texts.choose(choose.value); dispatchEvent(new Event("nirc:language")); } },
    Object.entries(texts.LANGUAGES).map(([code, label]) => h("option", { value: code, lang: code }, label)));
  choose.value = texts.language;
  return h("div", { class: "field" }, h("label", { for: "language" }, t("settings.language")), choose);
}

function themes() {
  const one = (value) => h("label", { class: "choice" },
    h("input", { type: "radio", name: "theme", value, checked: theme.chosen() === value, onchange: () => theme.choose(value) }), t(`settings.theme_${value}`));
  return h("fieldset", { class: "field" }, h("legend", {}, t("settings.theme")), theme.THEMES.map(one));
}

function mine() {
  const now = session.current();
  if (!now) return null;
  return facts([
    [t("settings.who"), h("bdi", {}, now.who)], [t("settings.roles"), (now.roles ?? []).join(", ")],
    [t("settings.ends"), now.ends_unix_s ? instant(now.ends_unix_s) : null], [t("settings.from"), now.node],
  ]);
}

function leave() {
  return h("button", { type: "button", onclick: end }, t("settings.leave"));
}

/** The node forgets the session, too; where it does not answer the token is at least gone from here. */
async function end() {
  await api.ask("DELETE", "/session", { query: { author: session.author() } }).catch(() => null);
  session.lost();
}
