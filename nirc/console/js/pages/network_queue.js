// The network queue, and taking somebody out of it. Rule of this file: whoever is taken out waits on at home;
// the page says so before it is done.

import { ask as send } from "../api.js";
import { ask } from "../dialog.js";
import { h } from "../dom.js";
import { duration, number, short } from "../formats.js";
import { ages, callLink, facts, figures, head, leaderOnly, names, numbers, rowButton, sites } from "../page_parts.js";
import * as session from "../session.js";
import { badge } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { toast } from "../toasts.js";

const LEVELS = { waiting: "good", offered: "note", moving: "note", dialing: "note", resting: "unknown" };

export function open(visit) {
  const only = leaderOnly();
  const sums = figures([
    { id: "entries", label: t("network_queue.entries") }, { id: "oldest", label: t("network_queue.oldest") },
    { id: "callbacks", label: t("network_queue.callbacks") }, { id: "moving", label: t("network_queue.moving") },
  ]);
  const shown = table({ id: "network-queue", caption: t("network_queue.title"), key: (row) => row.entry_id, sort: "waited", empty: t("network_queue.none"), columns: columns() });
  const draw = () => {
    const all = store.all("queue_entry");
    const calls = all.filter((one) => one.kind === "call");
    sums.set("entries", number(all.length));
    sums.set("oldest", duration(calls.length ? Math.max(...calls.map((one) => store.aged(one, "waited_s"))) : null));
    sums.set("callbacks", number(all.length - calls.length));
    sums.set("moving", number(all.filter((one) => one.state !== "waiting" && one.state !== "resting").length));
    shown.update(all);
    only.draw();
  };
  visit.live(["queue_entry", "status"], draw);
  visit.every(1, draw);
  return h("div", {}, head(t("network_queue.title"), t("network_queue.lead")), only.node, sums.node, shown.node);
}

function columns() {
  return [
    { id: "call", label: t("calls.call"), value: (row) => row.interaction_id, cell: (row) => callLink(row.interaction_id, short(row.interaction_id)) },
    names("service", t("network_queue.service"), (row) => row.service),
    numbers("position", t("network_queue.position"), (row) => row.position, { first: "" }),
    ages("waited", t("network_queue.waited"), "waited_s"),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => word("entry_state", row.state), cell: (row) => badge(LEVELS[row.state] ?? "unknown", word("entry_state", row.state)) },
    { id: "kind", label: t("network_queue.kind"), value: (row) => word("entry_kind", row.kind) },
    sites("site", t("network_queue.waits_at"), (row) => row.site),
    names("queue", t("queues.queue"), (row) => row.queue),
    numbers("priority", t("network_queue.priority"), (row) => row.priority),
    { id: "act", label: t("table.acts"), kind: "act", cell: (row) => rowButton(t("network_queue.take_out"), short(row.interaction_id), () => takeOut(row)) },
  ];
}

async function takeOut(row) {
  const isCall = row.kind === "call";
  const done = await ask({
    title: t("network_queue.take_out_title"),
    text: t(isCall ? "network_queue.take_out_call" : "network_queue.take_out_callback", { site: row.site }),
    preview: () => facts([
      [t("calls.call"), row.interaction_id], [t("network_queue.service"), row.service], [t("network_queue.waits_at"), `${row.site} / ${row.queue}`],
      [t("network_queue.position"), number(row.position)], [t("network_queue.waited"), duration(store.aged(row, "waited_s"))],
    ]),
    fields: isCall ? [{ id: "announcement", label: t("network_queue.announcement"), note: t("network_queue.announcement_note"), max: 100 }] : [],
    confirm: t("network_queue.take_out"),
    danger: true,
    act: ({ reason, announcement = "" }) => send("POST", "/queue/take-out", { body: { entry_id: row.entry_id, author: session.author(), reason, announcement } }),
  });
  if (done) toast(t("network_queue.taken_out", { call: short(row.interaction_id), site: row.site }));
}
