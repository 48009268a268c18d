// Every document of the network. Rule of this file: it lists; texts are written on the page of one.

import * as api from "../api.js";
import { h, name, put } from "../dom.js";
import { head, names, numbers } from "../page_parts.js";
import { problemView } from "../problem.js";
import { address } from "../router.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t } from "../texts.js";

const LOOK_S = 20;

export async function open(visit) {
  const failed = h("div");
  const shown = table({ id: "documents", caption: t("documents.title"), key: (row) => `${row.kind}/${row.name}`, empty: t("documents.none"), columns: columns() });
  const look = async () => {
    try {
      shown.update(await api.list("/documents", "documents"));
      put(failed);
    } catch (error) {
      put(failed, problemView(error, look));
    }
  };
  await look();
  visit.every(LOOK_S, look);
  let revision = store.documents?.revision;
  visit.live(["documents"], () => {
    if (store.documents?.revision === revision) return;
    revision = store.documents?.revision;
    look();
  });
  return h("div", {}, head(t("documents.title"), t("documents.lead"), h("a", { class: "button", href: address("documents", "new") }, t("documents.new"))), failed, shown.node);
}

function columns() {
  return [
    names("kind", t("documents.kind"), (row) => row.kind),
    { id: "name", label: t("documents.name"), value: (row) => row.name, cell: (row) => h("a", { href: address("documents", row.kind, row.name) }, name(row.name)) },
    numbers("revision", t("documents.revision"), (row) => row.revision),
  ];
}
