// Policies and how far each is in its life. Rule of this file: it lists; what can be done stands on the page of one.

import * as api from "../api.js";
import { h, name, put } from "../dom.js";
import { instant, number, percent } from "../formats.js";
import { head, names, numbers } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import { badge } from "../states.js";
import { table } from "../table.js";
import { t } from "../texts.js";

const LOOK_S = 3;

export async function open(visit) {
  const failed = h("div");
  const shown = table({ id: "policies", caption: t("policies.title"), key: (row) => row.policy, empty: t("policies.none"), columns: columns() });
  const look = async () => {
    try {
      shown.update((await api.get("/policies")).policies);
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  const newOne = h("a", { class: "button", href: address("documents", "new", { kind: "RoutingPolicy" }) }, t("policies.new"));
  return h("div", {}, head(t("policies.title"), t("policies.lead"), newOne), failed, shown.node);
}

function columns() {
  return [
    { id: "policy", label: t("policies.policy"), value: (row) => row.policy, cell: (row) => h("a", { href: address("policies", row.policy) }, name(row.policy)) },
    numbers("live", t("policies.live"), (row) => row.live || null, { first: "" }),
    { id: "used", label: t("policies.used"), kind: "state", value: (row) => row.in_use_here, sign: (row) => `${row.in_use_here} ${row.live}`, cell: used },
    numbers("newest", t("policies.newest"), (row) => row.newest),
    names("canary", t("policies.canary"), canaryTold),
    names("shadow", t("policies.shadow"), shadowTold),
    names("scheduled", t("policies.scheduled"), (row) => row.scheduled.map((one) => t("policies.scheduled_one", { version: one.version, at: instant(one.at_unix_s) })).join(", ")),
  ];
}

function used(row) {
  if (!row.in_use_here) return badge("unknown", t("policies.unused"));
  return row.in_use_here === row.live ? badge("good", t("policies.used_version", { version: row.in_use_here })) : badge("warn", t("policies.used_version", { version: row.in_use_here }));
}

/** What part of the calls a canary decides. */
export function canaryTold(row) {
  return row.canary ? `${row.canary.version}: ${row.canary.told}` : "";
}

/** In how many decisions a shadow differs. */
export function shadowTold(row) {
  if (!row.shadow) return "";
  const all = row.shadow_same_count + row.shadow_differs_count;
  return t("policies.shadow_one", { version: row.shadow, share: percent(all ? row.shadow_differs_count / all : null), of: number(all) });
}
