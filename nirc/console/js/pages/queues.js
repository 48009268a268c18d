// Queues of all sites. Rule of this file: what the node believes of each, and how old that is.

import { h, name } from "../dom.js";
import { duration, number, percent, seconds } from "../formats.js";
import { sparkline } from "../graphs.js";
import { ages, head, names, numbers, sites } from "../page_parts.js";
import { healthBadge, queueHealth } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t } from "../texts.js";

/** Columns of queues; a site's page shows them without its own name. */
export function queueColumns(withSite = true) {
  const key = (row) => `${row.site}/${row.queue}`;
  const waits = (row) => (row.waiting_count ? store.aged(row, "oldest_wait_s") : 0);
  return [
    names("queue", t("queues.queue"), (row) => row.queue),
    ...(withSite ? [sites("site", t("sites.site"), (row) => row.site)] : []),
    { id: "state", label: t("sites.state"), kind: "state", value: (row) => queueHealth(row).text, cell: (row) => healthBadge(queueHealth(row)) },
    numbers("waiting", t("sites.waiting"), (row) => row.waiting_count),
    numbers("oldest", t("sites.oldest"), waits, { sign: (row) => duration(waits(row)), cell: (row) => duration(waits(row)) }),
    numbers("ewt", t("queues.ewt"), (row) => row.ewt_s, { note: t("queues.ewt_note"), sign: (row) => `${row.ewt_s} ${row.ewt_high_s}`, cell: expected }),
    numbers("level", t("queues.level"), (row) => row.service_level, { first: "", note: t("queues.level_note"), cell: (row) => percent(row.service_level) }),
    numbers("ready", t("sites.ready"), (row) => row.ready_count),
    numbers("busy", t("sites.busy"), (row) => row.busy_count),
    numbers("acw", t("queues.acw"), (row) => row.acw_count, { note: t("queues.acw_note") }),
    numbers("staffed", t("queues.staffed"), (row) => row.staffed_count),
    numbers("aht", t("queues.aht"), (row) => row.aht_s || null, { note: t("queues.aht_note"), cell: (row) => seconds(row.aht_s || null) }),
    numbers("held", t("queues.held"), (row) => row.places_held_count + row.reserved_count, { note: t("queues.held_note") }),
    {
      id: "trend", label: t("sites.trend"), kind: "curve", note: t("sites.trend_note"), value: (row) => row.waiting_count,
      sign: (row) => store.samples.of("queue", key(row), "waiting").join(","),
      cell: (row) => sparkline(store.samples.of("queue", key(row), "waiting"), { label: t("sites.waiting"), width: 72 }),
    },
    ...(withSite ? [ages("age", t("sites.age"), "age_s", { note: t("sites.age_note") })] : []),
  ];
}

export function open(visit) {
  const shown = table({
    id: "queues", caption: t("queues.title"), key: (row) => `${row.site}/${row.queue}`, sort: "waiting", empty: t("queues.none"), columns: queueColumns(),
  });
  const draw = () => shown.update(store.all("queue"));
  visit.live(["queue"], draw);
  visit.every(1, draw);
  return h("div", {}, head(t("queues.title"), t("queues.lead")), shown.node);
}

/** The expected wait, and between what nine of ten callers waited. */
function expected(row) {
  if (row.ewt_s === null) return seconds(null);
  const known = row.ewt_low_s !== null && row.ewt_high_s !== null;
  const range = known ? t("queues.ewt_range", { low: number(row.ewt_low_s), high: number(row.ewt_high_s) }) : "";
  return h("span", { title: [range, row.ewt_by].filter(Boolean).join(", ") || null }, name(seconds(row.ewt_s)));
}
