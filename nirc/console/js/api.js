// Asks a node's HTTP API. Rule of this file: the only place besides `stream` that fetches from nodes. A
// read goes on to the next node when one is silent; an act is sent once, for nobody knows what became
// of it when no answer comes.

import * as nodes from "./nodes.js";
import * as session from "./session.js";
import { t } from "./texts.js";

export const API = "/api/v1";
const READ_MS = 2500;
const ACT_MS = 15000;
const AWAY = 503;

/** A node has said no: its problem+json, with what is missing filled in. */
export class Refused extends Error {
  constructor(problem, url) {
    super(problem.title);
    Object.assign(this, { problem, status: problem.status, url });
  }
}

/** No node has answered. */
export class Unreachable extends Error {
  constructor(acted, cause) {
    const title = t(acted ? "problem.outcome_unknown" : "problem.unreachable");
    super(title, { cause });
    const remedy = t(acted ? "problem.outcome_unknown_remedy" : "problem.unreachable_remedy");
    this.problem = { title, status: 0, remedy };
    this.status = 0;
  }
}

/** What a path under `/api/v1` answers, as JSON; `query` without what is null or empty. */
export async function get(path, query = {}, options = {}) {
  return (await ask("GET", path, { query, ...options })).body;
}

/** The same, with `{body, etag, status, url}`. */
export async function ask(method, path, options = {}) {
  const reads = method === "GET" && !options.node;
  const urls = options.url ? [options.url] : options.node ? [nodes.urlOf(options.node)] : nodes.order();
  if (urls[0] === undefined) throw new Refused(noAddress(options.node), "");
  let cause;
  for (const url of reads ? urls : urls.slice(0, 1)) {
    try {
      return await answer(url, method, path, options);
    } catch (error) {
      cause = error;
      // A node that has just begun, or has no etcd, says 503: another may know.
      if (error instanceof Refused && error.status !== AWAY) throw error;
      if (!(error instanceof Refused) && !options.node) nodes.rest(url);
    }
  }
  throw cause instanceof Refused ? cause : new Unreachable(!reads && method !== "GET", cause);
}

/** All items of a list, page by page; at most `most`. */
export async function list(path, field, query = {}, most = 5000) {
  const found = [];
  let after = "";
  do {
    const page = await get(path, { ...query, after });
    found.push(...page[field]);
    after = page.next ?? "";
  } while (after && found.length < most);
  return found;
}

async function answer(url, method, path, options) {
  const response = await send(url, method, path, options);
  if (response.type === "opaqueredirect") return elsewhere(url, method, path, options);
  const text = await response.text();
  if (!response.ok && response.status !== 304) {
    const problem = problemOf(response, text);
    if (response.status === 401 && url === nodes.here()) session.lost();
    throw new Refused(problem, url);
  }
  const json = (response.headers.get("Content-Type") ?? "").includes("json");
  const body = json && text ? JSON.parse(text) : text;
  return { body, etag: response.headers.get("ETag") ?? "", status: response.status, url };
}

function send(url, method, path, options) {
  const { query = {}, body, etag, type, accept } = options;
  const headers = { Authorization: `Bearer ${session.token()}`, ...(options.headers ?? {}) };
  if (etag) headers["If-Match"] = etag;
  if (accept) headers.Accept = accept;
  const isText = typeof body === "string";
  if (body !== undefined) headers["Content-Type"] = type ?? (isText ? "application/yaml" : "application/json");
  const said = Object.entries(query).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const tail = said.length ? `?${new URLSearchParams(said)}` : "";
  return fetch(url + API + path + tail, {
    method,
    headers,
    body: body === undefined ? undefined : isText ? body : JSON.stringify(body),
    redirect: "manual",
    cache: "no-store",
    signal: AbortSignal.timeout(options.timeout_ms ?? (method === "GET" ? READ_MS : ACT_MS)),
  });
}

/** A browser follows no redirect to another node with our token: ask who leads, and go there, once. */
async function elsewhere(url, method, path, options) {
  const { body: cluster } = await answer(url, "GET", "/cluster", {});
  nodes.learn(cluster, url);
  const leader = cluster.nodes.find((one) => one.leads.length && !one.here);
  const other = leader && nodes.urlOf(leader.node);
  if (!other || options.redirected) throw new Refused(noAddress(leader?.node ?? ""), url);
  return answer(other, method, path, { ...options, redirected: true });
}

function noAddress(node) {
  const [title, remedy] = [t("problem.no_address", { node }), t("problem.no_address_remedy")];
  return { title, status: 0, remedy };
}

function problemOf(response, text) {
  try {
    const found = JSON.parse(text);
    if (found.title) return { status: response.status, ...found };
  } catch {
    // Not what a node says: a proxy's page, perhaps. Its status is all that is told.
  }
  return { title: t("problem.status", { status: response.status }), status: response.status };
}
