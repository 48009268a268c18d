// Acts that are looked at before they are done. Rule of this file: nothing is done by opening a dialog; what
// it would do is shown first, a reason is asked for where the act is written down, and a refusal stays in
// the dialog with everything that was typed.

import { h, put } from "./dom.js";
import { problemView } from "./problem.js";
import { t } from "./texts.js";

let numbers = 0;

/**
 * Ask. `preview()` gives a node (or a promise of one) that says what would happen; where it throws, the act
 * cannot be confirmed. `fields`: `{id, label, type?, value?, options?, required?, note?, rows?}`. `reason` is "required",
 * "optional" or "none". `act({reason, ...fields})` does it. Gives what `act` gave, null where it was left.
 */
export function ask({ title, text, preview, fields = [], reason = "required", confirm, danger = false, act }) {
  const id = `dialog-${(numbers += 1)}`;
  const asked = reason === "none" ? fields : [...fields, reasonField(reason)];
  const made = asked.map((one) => field(one, `${id}-${one.id}`));
  const shown = h("div", { class: "preview", "aria-live": "polite" });
  const failed = h("div");
  const yes = h("button", { type: "submit", class: danger ? "danger" : "primary" }, confirm ?? t("dialog.confirm"));
  const no = h("button", { type: "button", onclick: () => dialog.close() }, t("dialog.leave"));
  const form = h("form", { novalidate: true, onsubmit: submit },
    h("h2", { id }, title), text && h("p", { class: "wrap" }, text), shown, made.map((one) => one.node), failed, h("div", { class: "buttons" }, no, yes));
  const dialog = h("dialog", { "aria-labelledby": id }, form);
  let result = null;

  const values = () => Object.fromEntries(made.map((one) => [one.id, one.value()]));

  async function look() {
    if (!preview) return;
    yes.disabled = true;
    put(shown, h("p", { class: "quiet" }, t("dialog.looking")));
    try {
      put(shown, await preview(values()));
      yes.disabled = false;
    } catch (error) {
      put(shown, problemView(error, look));
    }
  }

  async function submit(event) {
    event.preventDefault();
    const bad = made.find((one) => !one.check());
    if (bad) return bad.focus();
    yes.disabled = true;
    put(failed);
    try {
      result = (await act(values())) ?? true;
      dialog.close();
    } catch (error) {
      put(failed, problemView(error));
      failed.scrollIntoView({ block: "nearest" });
      yes.disabled = false;
    }
  }

  for (const one of made) if (one.spec.looks) one.input.addEventListener("change", look);
  document.body.append(dialog);
  dialog.showModal();
  (made[0]?.input ?? yes).focus();
  look();
  return new Promise((done) => dialog.addEventListener("close", () => { dialog.remove(); done(result); }));
}

function reasonField(reason) {
  const required = reason === "required";
  return { id: "reason", label: t(required ? "dialog.reason" : "dialog.reason_optional"), required, note: t("dialog.reason_note"), max: 500 };
}

function field(spec, id) {
  const noteId = spec.note ? `${id}-note` : null;
  const common = { id, required: spec.required, "aria-describedby": noteId, maxlength: spec.max ?? null };
  const input = spec.options ? h("select", common, spec.options.map(option))
    : spec.rows ? h("textarea", { ...common, rows: spec.rows, value: spec.value ?? "" })
    : h("input", { ...common, type: spec.type ?? "text", value: spec.value ?? "", min: spec.min ?? null, step: spec.step ?? null, autocomplete: "off" });
  if (spec.options && spec.value !== undefined) input.value = spec.value;
  const missing = h("p", { class: "missing", hidden: true }, t("dialog.required"));
  const node = h("div", { class: "field" }, h("label", { for: id }, spec.label), input, spec.note && h("p", { class: "quiet", id: noteId }, spec.note), missing);
  const value = () => (input.type === "number" ? (input.value === "" ? null : Number(input.value)) : input.value.trim());
  const check = () => {
    const good = !spec.required || (value() !== "" && value() !== null);
    missing.hidden = good;
    input.setAttribute("aria-invalid", String(!good));
    return good;
  };
  return { id: spec.id, spec, node, input, value, check, focus: () => input.focus() };
}

function option(one) {
  const { value, label } = typeof one === "string" ? { value: one, label: one } : one;
  return h("option", { value }, label);
}
