// One document's text. Rule of this file: it is written only over the revision that was read; what another has
// written meanwhile is shown, and this page's text stays where it is.

import * as api from "../api.js";
import { ask } from "../dialog.js";
import { h, put } from "../dom.js";
import { headUnder, panel } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import * as session from "../session.js";
import { badge } from "../states.js";
import { changedMeanwhile, compared, editor } from "../text_parts.js";
import { t } from "../texts.js";
import { toast } from "../toasts.js";

const HEAD = /^kind:\s*["']?([A-Za-z]+)/m;
const NAME = /^metadata:\s*(?:\{\s*name:\s*|\n\s+name:\s*)["']?([A-Za-z0-9_.-]+)/m;

export async function open(visit) {
  const { kind, name } = visit.params;
  const isNew = !name;
  let read = isNew ? { body: start(visit.query.kind ?? ""), etag: "" } : await api.ask("GET", pathOf(kind, name));
  const text = editor({ id: "document-text", label: t("texts.yaml"), text: read.body });
  const said = h("div", { "aria-live": "polite" });

  const write = async (reason) => {
    const place = isNew ? [HEAD.exec(text.value())?.[1] ?? "", NAME.exec(text.value())?.[1] ?? ""] : [kind, name];
    if (!place[0] || !place[1]) throw { problem: { title: t("documents.no_name"), remedy: t("documents.no_name_remedy"), status: 0 } };
    const guard = isNew ? { headers: { "If-None-Match": "*" } } : { etag: read.etag };
    try {
      const done = await api.ask("PUT", pathOf(...place), { ...guard, query: { author: session.author(), reason }, body: text.value() });
      return { ...done.body, place };
    } catch (error) {
      if (error.status === 422 || error.status === 400) text.faults(error.problem);
      if (error.status === 412) await conflict();
      throw error;
    }
  };
  /** Somebody was faster: what is there now, against what was read here. */
  const conflict = async () => {
    if (isNew) return;
    const now = await api.ask("GET", pathOf(kind, name));
    put(said, changedMeanwhile(read.body, now.body, () => { read = now; put(said); }));
  };
  const save = async () => {
    const done = await ask({
      title: t("documents.save_title"), text: t("documents.save_text"), confirm: t("documents.save"), preview: () => compared(isNew ? "" : read.body, text.value()), act: ({ reason }) => write(reason),
    });
    if (!done) return;
    text.faults(null);
    toast(t("documents.saved", { name: done.place.join("/") }));
    if (isNew) { location.hash = address("documents", ...done.place).slice(1); return; }
    read = await api.ask("GET", pathOf(kind, name));
    put(said, done.warnings.map((one) => h("p", { class: "leaderonly wrap", dir: "auto" }, badge("warn", t("documents.warning")), " ", one)));
  };
  const remove = async () => {
    const done = await ask({
      title: t("documents.remove_title", { name }), text: t("documents.remove_text"), confirm: t("documents.remove"), danger: true,
      act: async ({ reason }) => (await api.ask("DELETE", pathOf(kind, name), { etag: read.etag, query: { author: session.author(), reason } })).body,
    });
    if (!done) return;
    toast(t("documents.removed", { name: `${kind}/${name}` }));
    location.hash = address("documents").slice(1);
  };
  const again = async () => {
    try {
      read = await api.ask("GET", pathOf(kind, name));
      text.set(read.body);
      put(said);
    } catch (error) {
      put(said, problemView(error, again));
    }
  };
  const buttons = h("div", { class: "buttons" }, isNew ? null : h("button", { type: "button", onclick: again }, t("documents.again")),
    isNew ? null : h("button", { type: "button", class: "danger", onclick: remove }, t("documents.remove")), h("button", { type: "button", class: "primary", onclick: save }, t("documents.save")));
  const policy = kind === "RoutingPolicy" ? h("p", {}, h("a", { href: address("policies", name) }, t("documents.as_policy"))) : null;
  return h("div", {}, headUnder("documents", t("documents.title"), isNew ? t("documents.new") : `${kind}/${name}`, t("documents.one_lead")), policy, panel(t("documents.text"), text.node, buttons, said));
}

function pathOf(kind, name) {
  return `/documents/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
}

function start(kind) {
  return `apiVersion: nirc/v1\nkind: ${kind || "Tenant"}\nmetadata: {name: new-one}\nspec: {}\n`;
}
