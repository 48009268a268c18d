// All sites at a glance. Rule of this file: one row a site, the worst state first when sorted by it.

import { h } from "../dom.js";
import { duration, seconds } from "../formats.js";
import { sparkline } from "../graphs.js";
import { head, numbers, sites } from "../page_parts.js";
import { healthBadge, siteHealth } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";

const WORST = { bad: 0, unknown: 1, warn: 2, good: 3 };

/** Columns of sites; the overview shows them, too. */
export function siteColumns() {
  const trend = (row, figure) => store.samples.of("site", row.site, figure);
  return [
    sites("site", t("sites.site"), (row) => row.site),
    {
      id: "state", label: t("sites.state"), kind: "state", value: (row) => `${WORST[siteHealth(row).level]} ${siteHealth(row).text}`,
      cell: (row) => healthBadge(siteHealth(row)), filter: (row) => siteHealth(row).text,
    },
    numbers("waiting", t("sites.waiting"), (row) => row.waiting_count),
    numbers("oldest", t("sites.oldest"), (row) => oldest(row.site), { cell: (row) => wait(row.site), sign: (row) => wait(row.site) }),
    numbers("ready", t("sites.ready"), (row) => row.ready_count),
    numbers("busy", t("sites.busy"), (row) => row.busy_count),
    {
      id: "trend", label: t("sites.trend"), kind: "curve", note: t("sites.trend_note"), value: (row) => trend(row, "waiting").at(-1) ?? 0,
      sign: (row) => trend(row, "waiting").join(","), cell: (row) => sparkline(trend(row, "waiting"), { label: t("sites.waiting") }),
    },
    numbers("age", t("sites.age"), (row) => store.aged(row, "state_age_s"), {
      note: t("sites.age_note"), sign: (row) => seconds(store.aged(row, "state_age_s")), cell: (row) => seconds(store.aged(row, "state_age_s")),
    }),
    { id: "tier", label: t("sites.tier"), value: (row) => row.tier, cell: (row) => (row.tier === null ? t("sites.tier_unknown") : word("tier", row.tier)) },
  ];
}

export function open(visit) {
  const shown = table({ id: "sites", caption: t("sites.title"), key: (row) => row.site, empty: t("sites.none"), columns: siteColumns() });
  const draw = () => shown.update(store.all("site"));
  visit.live(["site", "queue"], draw);
  visit.every(1, draw);
  return h("div", {}, head(t("sites.title"), t("sites.lead")), shown.node);
}

function oldest(site) {
  const waits = store.at("queue", site).filter((one) => one.waiting_count > 0).map((one) => store.aged(one, "oldest_wait_s"));
  return waits.length ? Math.max(...waits) : 0;
}

function wait(site) {
  const value = oldest(site);
  return duration(value);
}
