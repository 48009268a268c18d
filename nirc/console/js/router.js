// Which page the address names. Rule of this file: it opens and closes pages; what they are stands in `routes`.

import { h, put } from "./dom.js";
import { problemView } from "./problem.js";
import { store } from "./store.js";
import { t } from "./texts.js";

/** One visit to a page: everything that it began ends with it. */
class Visit {
  constructor(route, params, query) {
    Object.assign(this, { route, params, query, closed: false, ends: [] });
  }

  /** Call this when the page is left. */
  onClose(end) {
    if (this.closed) end();
    else this.ends.push(end);
  }

  /** Draw now, and whenever one of these kinds changes. */
  live(kinds, draw) {
    this.onClose(store.on(kinds, draw));
    draw();
  }

  /** Do it now and every so many seconds; what it throws is the caller's to show. */
  every(seconds, act) {
    const run = async () => {
      await act();
      if (!this.closed) timer = setTimeout(run, seconds * 1000);
    };
    let timer = setTimeout(run, 0);
    this.onClose(() => clearTimeout(timer));
  }

  close() {
    this.closed = true;
    for (const end of this.ends.splice(0)) end();
  }
}

export class Router {
  constructor(routes, main, opened) {
    Object.assign(this, { routes, main, opened, visit: null });
    this.listens = () => this.open();
    addEventListener("hashchange", this.listens);
  }

  /** Open what the address names. */
  async open() {
    this.visit?.close();
    const [path, tail] = location.hash.replace(/^#\/?/, "").split("?");
    const words = path.split("/").filter(Boolean).map(decodeURIComponent);
    const route = this.routes.find((one) => matches(one, words)) ?? null;
    const visit = new Visit(route, paramsOf(route, words), Object.fromEntries(new URLSearchParams(tail ?? "")));
    this.visit = visit;
    this.opened(route, visit);
    put(this.main, h("p", { class: "loading", role: "status" }, t("frame.loading")));
    await this.fill(route, visit);
  }

  async fill(route, visit) {
    try {
      if (!route) throw { problem: { title: t("frame.no_page"), remedy: t("frame.no_page_remedy"), status: 404 } };
      const page = await route.load();
      const node = await page.open(visit);
      if (visit.closed) return;
      put(this.main, node);
    } catch (error) {
      if (visit.closed) return;
      put(this.main, problemView(error, () => this.open(), 1));
    }
    const title = this.main.querySelector("h1")?.textContent ?? t("frame.product");
    document.title = t("frame.title", { title });
  }

  close() {
    removeEventListener("hashchange", this.listens);
    this.visit?.close();
  }
}

/** The address of a page: `address("sites", name)`; every word escaped. */
export function address(...words) {
  const query = typeof words.at(-1) === "object" ? words.pop() : null;
  const tail = query ? `?${new URLSearchParams(query)}` : "";
  return `#/${words.map(encodeURIComponent).join("/")}${tail}`;
}

function matches(route, words) {
  const parts = route.path.split("/").filter(Boolean);
  return parts.length === words.length && parts.every((part, number) => part.startsWith(":") || part === words[number]);
}

function paramsOf(route, words) {
  const parts = route?.path.split("/").filter(Boolean) ?? [];
  return Object.fromEntries(parts.map((part, n) => [part.slice(1), words[n]]).filter((_, n) => parts[n].startsWith(":")));
}
