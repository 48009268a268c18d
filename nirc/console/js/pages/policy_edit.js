// Writes a policy: text, judged by a node, tried on one call, made live. Rule of this file: the node judges; its
// faults stand at their lines. What was live when the text was fetched is what its author saw.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, name, put } from "../dom.js";
import { headUnder, panel } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import * as session from "../session.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { changedMeanwhile, compared, editor } from "../text_parts.js";
import { t, word } from "../texts.js";
import { toast } from "../toasts.js";

export async function open(visit) {
  const { policy } = visit.params;
  const path = `/policies/${encodeURIComponent(policy)}`;
  const read = async () => {
    const { body, etag } = await api.ask("GET", path);
    return { etag, live: body.live, text: body.live ? (await api.get(`${path}/versions/${body.live}`)).text : "" };
  };
  let seen = await read();
  const text = editor({ id: "policy-text", label: t("texts.yaml"), text: seen.text });
  const said = h("div", { "aria-live": "polite" });

  const sent = async (more, act = "publish") => {
    try {
      return await api.ask("POST", `${path}/${act}`, { etag: seen.etag, body: { author: session.author(), text: text.value(), ...more } });
    } catch (error) {
      if (error.status === 412) await conflict();
      throw error;
    }
  };
  const conflict = async () => {
    const now = await read();
    put(said, changedMeanwhile(seen.text, now.text, () => { seen = now; put(said); }));
  };
  const judged = async () => {
    try {
      const { body } = await sent({ only_check: true, reason: "" });
      text.faults(null);
      return body;
    } catch (error) {
      if (error.status === 422 || error.status === 400) text.faults(error.problem);
      throw error;
    }
  };
  const check = async () => {
    try {
      const found = await judged();
      put(said, badge("good", t("policy.good")), [...found.told, ...found.warnings].map((one) => h("p", { class: "wrap", dir: "auto" }, one)));
    } catch (error) {
      if (error.status !== 412) put(said, error.status === 422 ? null : problemView(error));
    }
  };
  const publish = async () => {
    const done = await ask({
      title: t("policy.publish_title", { policy }), text: t("policy.publish_text"), confirm: t("policy.publish"), danger: true,
      preview: async () => { const found = await judged(); return h("div", {}, found.warnings.map((one) => h("p", { class: "wrap leaderonly", dir: "auto" }, one)), compared(seen.text, text.value())); },
      act: async ({ reason }) => (await sent({ reason })).body,
    });
    if (!done) return;
    toast(done.told?.[0] ?? t("policy.done"));
    location.hash = address("policies", policy).slice(1);
  };
  const shadow = async () => {
    const done = await ask({
      title: t("policy.shadow_title", { policy }), text: t("policy.shadow_text"), confirm: t("policy.shadow"), preview: async () => { await judged(); return compared(seen.text, text.value()); },
      act: async ({ reason }) => (await sent({ reason }, "shadow")).body,
    });
    if (!done) return;
    toast(done.told?.[0] ?? t("policy.done"));
    location.hash = address("policies", policy).slice(1);
  };
  const buttons = h("div", { class: "buttons" },
    h("button", { type: "button", onclick: () => put(said, compared(seen.text, text.value())) }, t("policy.compare")), h("button", { type: "button", onclick: check }, t("policy.check")),
    h("button", { type: "button", onclick: shadow }, t("policy.shadow")), h("button", { type: "button", class: "danger", onclick: publish }, t("policy.publish")));
  return h("div", {}, headUnder("policies", t("policies.title"), policy, t("policy.edit_lead", { version: seen.live || "–" })),
    panel(t("policy.text"), text.node, buttons, said), panel(t("policy.dry_run"), dryRun(() => text.value())));
}

/** One call described by hand: what would be decided now. */
function dryRun(text) {
  const sites = store.all("site").map((one) => one.site);
  const services = [...new Set(store.all("queue").map((one) => one.queue))];
  const input = (id, label, props = {}) => ({ id, label, node: h("input", { id, autocomplete: "off", ...props }) });
  const fields = [
    input("origin", t("policy.origin"), { value: sites[0] ?? "", list: "dry-sites", required: true }), input("service", t("network_queue.service"), { value: services[0] ?? "", list: "dry-services", required: true }),
    input("trunk_group", t("site.trunk_group")), input("waited_s", t("network_queue.waited"), { type: "number", value: "20", min: "0" }),
  ];
  const own = h("input", { type: "checkbox", id: "own", checked: true });
  const out = h("div", { "aria-live": "polite" });
  const run = async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(fields.map((one) => [one.id, one.node.value.trim()]));
    try {
      const { body } = await api.ask("POST", "/route/dry-run", { body: { ...values, waited_s: Number(values.waited_s) || 0, ...(own.checked ? { policy: text() } : {}) } });
      put(out, decided(body));
    } catch (error) {
      put(out, problemView(error));
    }
  };
  return h("form", { onsubmit: run }, h("p", { class: "quiet" }, t("policy.dry_run_note")),
    h("div", { class: "formgrid" }, fields.map((one) => h("div", { class: "field" }, h("label", { for: one.id }, one.label), one.node))),
    h("datalist", { id: "dry-sites" }, sites.map((one) => h("option", { value: one }))), h("datalist", { id: "dry-services" }, services.map((one) => h("option", { value: one }))),
    h("label", { class: "choice", for: "own" }, own, t("policy.dry_run_own")), h("button", { type: "submit" }, t("policy.try")), out);
}

function decided(found) {
  const to = [found.target_site, found.queue, found.agent].filter(Boolean).join(" / ");
  return h("div", { class: "preview" }, h("p", {}, badge("note", word("outcome", found.outcome)), " ", name(to)),
    h("ul", { class: "story" }, found.rules.map(([rule, fate]) => h("li", {}, name(`${rule}: ${word("fate", fate)}`))), found.candidates.map((one) => h("li", {}, name(`${[one.site, one.queue, one.agent].filter(Boolean).join("/")}: ${one.lost_because || t("explain.best")}`)))));
}
