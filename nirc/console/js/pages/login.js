// Who are you? Rule of this file: the node's token is sent once, to the node that served this page, and forgotten.

import { API } from "../api.js";
import { h, put } from "../dom.js";
import { problemView } from "../problem.js";
import * as session from "../session.js";
import { t } from "../texts.js";

/** The page; `done` when a session has begun. */
export function login(wasLost, done) {
  const who = h("input", { id: "who", name: "username", type: "text", required: true, maxlength: 100, autocomplete: "username", spellcheck: "false" });
  const token = h("input", { id: "token", name: "password", type: "password", required: true, autocomplete: "off", spellcheck: "false", "aria-describedby": "token-note" });
  const failed = h("div");
  const enter = h("button", { type: "submit", class: "primary" }, t("login.enter"));
  const form = h("form", { novalidate: true, onsubmit: begin },
    h("div", { class: "field" }, h("label", { for: "who" }, t("login.who")), who),
    h("div", { class: "field" }, h("label", { for: "token" }, t("login.token")), token, h("p", { class: "quiet", id: "token-note" }, t("login.token_note"))),
    failed, h("div", { class: "buttons" }, enter));

  async function begin(event) {
    event.preventDefault();
    const empty = [who, token].find((one) => !one.value.trim());
    if (empty) return empty.focus();
    enter.disabled = true;
    try {
      session.begin(await opened(who.value.trim(), token.value.trim()));
      token.value = "";
      done();
    } catch (error) {
      put(failed, problemView(error));
      enter.disabled = false;
    }
  }

  return h("main", { class: "login" },
    h("h1", {}, t("login.title")),
    h("p", {}, t("login.text", { node: location.host })),
    wasLost && h("p", { class: "banner warn", role: "alert" }, t("login.lost")),
    form);
}

async function opened(who, token) {
  let response;
  try {
    const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
    response = await fetch(`${API}/session`, { method: "POST", headers, body: JSON.stringify({ author: who }), cache: "no-store" });
  } catch {
    throw { problem: { title: t("problem.unreachable"), remedy: t("problem.unreachable_remedy"), status: 0 } };
  }
  const found = await response.json().catch(() => ({ title: t("problem.status", { status: response.status }), status: response.status }));
  if (response.status === 401) throw { problem: { title: t("login.wrong"), remedy: t("login.wrong_remedy"), status: 401 } };
  if (!response.ok) throw { problem: found };
  return found;
}
