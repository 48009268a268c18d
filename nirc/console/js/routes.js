// Every page of the console, once. Rule of this file: data only; a page that does not stand here is not
// reached. `group` and `nav` put it into the navigation, `keys` opens it after `g`.

/** Each: `path` (`:name` is a parameter), `title` (key of a text), `load` (its module). */
export const ROUTES = [
  { path: "", title: "overview.title", nav: "now", keys: "o", load: () => import("./pages/overview.js") },
  { path: "sites", title: "sites.title", nav: "now", keys: "s", load: () => import("./pages/sites.js") },
  { path: "sites/:site", title: "sites.title", load: () => import("./pages/site.js") },
  { path: "queues", title: "queues.title", nav: "now", keys: "q", load: () => import("./pages/queues.js") },
  { path: "agents", title: "agents.title", nav: "now", keys: "a", load: () => import("./pages/agents.js") },
  { path: "network-queue", title: "network_queue.title", nav: "now", keys: "n", load: () => import("./pages/network_queue.js") },
  { path: "calls", title: "calls.title", nav: "now", keys: "c", load: () => import("./pages/calls.js") },
  { path: "alarms", title: "alarms.title", nav: "now", keys: "l", load: () => import("./pages/alarms.js") },
  { path: "decisions", title: "decisions.title", nav: "routing", keys: "d", load: () => import("./pages/decisions.js") },
  { path: "explain", title: "explain.title", nav: "routing", keys: "x", load: () => import("./pages/explain.js") },
  { path: "explain/:id", title: "explain.title", load: () => import("./pages/explain.js") },
  { path: "policies", title: "policies.title", nav: "routing", keys: "p", load: () => import("./pages/policies.js") },
  { path: "policies/:policy", title: "policies.title", load: () => import("./pages/policy.js") },
  { path: "policies/:policy/edit", title: "policies.title", load: () => import("./pages/policy_edit.js") },
  { path: "documents", title: "documents.title", nav: "routing", keys: "m", load: () => import("./pages/documents.js") },
  { path: "documents/new", title: "documents.title", load: () => import("./pages/document.js") },
  { path: "documents/:kind/:name", title: "documents.title", load: () => import("./pages/document.js") },
  { path: "tenants", title: "tenants.title", nav: "routing", keys: "t", load: () => import("./pages/tenants.js") },
  { path: "paths", title: "paths.title", nav: "routing", keys: "w", load: () => import("./pages/paths.js") },
  { path: "shift", title: "shift.title", nav: "control", keys: "h", load: () => import("./pages/shift.js") },
  { path: "controls", title: "controls.title", nav: "control", keys: "y", load: () => import("./pages/controls.js") },
  { path: "alarm-rules", title: "rules.title", nav: "control", keys: "r", load: () => import("./pages/alarm_rules.js") },
  { path: "reports", title: "reports.title", nav: "system", keys: "i", load: () => import("./pages/reports.js") },
  { path: "audit", title: "audit.title", nav: "system", keys: "u", load: () => import("./pages/audit.js") },
  { path: "cluster", title: "cluster.title", nav: "system", keys: "k", load: () => import("./pages/cluster.js") },
  { path: "settings", title: "settings.title", nav: "system", keys: "e", load: () => import("./pages/settings.js") },
];

/** The groups of the navigation, in their order. */
export const GROUPS = ["now", "routing", "control", "system"];

/** Whether there is a page of that path: others link to it only then. */
export function hasPage(path) {
  return ROUTES.some((one) => one.path === path);
}
