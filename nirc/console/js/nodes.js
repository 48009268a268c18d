// Which nodes there are, and which one this page asks first. Rule of this file: it knows and chooses;
// nothing is fetched here. A node that did not answer rests, so that the next question goes elsewhere.

const KEPT = "nirc.nodes";
const REST_MS = 8000;

const silent = new Map();
let known = [{ node: "", url: location.origin }];
let current = location.origin;

/** All nodes whose addresses are known: `{node, url}`. */
export function all() {
  return known;
}

/** The address that is asked first. */
export function here() {
  return current;
}

/** The name of a node by its address; empty while that is not known. */
export function nameOf(url) {
  return known.find((one) => one.url === url)?.node ?? "";
}

/** The address of a node by its name; undefined where nobody has told it. */
export function urlOf(node) {
  return known.find((one) => one.node === node)?.url;
}

/** What a node's `/cluster` says of all of them. */
export function learn(cluster, askedUrl) {
  const found = new Map(known.map((one) => [one.url, one]));
  for (const one of cluster.nodes ?? []) {
    const url = one.here ? askedUrl : (one.admin_url || one.url || "").replace(/\/+$/, "");
    if (!url) continue;
    for (const [other, old] of found) if (old.node === one.node && other !== url) found.delete(other);
    found.set(url, { node: one.node, url });
  }
  known = [...found.values()].filter((one) => one.node).sort((a, b) => (a.node < b.node ? -1 : 1));
  if (known.length === 0) known = [{ node: "", url: askedUrl }];
  sessionStorage.setItem(KEPT, JSON.stringify(known));
}

/** What was known before this page was loaded again. */
export function remember() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    const others = found.filter((one) => one.url && one.url !== location.origin);
    const own = found.find((one) => one.url === location.origin) ?? known[0];
    known = [own, ...others];
  } catch {
    sessionStorage.removeItem(KEPT);
  }
}

/** From now on this address first. */
export function prefer(url) {
  current = url;
  silent.delete(url);
}

/** It did not answer. */
export function rest(url) {
  silent.set(url, performance.now());
}

/** Whether it did not answer a moment ago. */
export function rests(url) {
  return performance.now() - (silent.get(url) ?? -Infinity) < REST_MS;
}

/** Addresses in the order in which they are asked: the present one, others, those at rest last. */
export function order() {
  const urls = [current, ...known.map((one) => one.url).filter((url) => url !== current)];
  return [...urls.filter((url) => !rests(url)), ...urls.filter(rests)];
}
