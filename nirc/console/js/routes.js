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
  { path: "cluster", title: "cluster.title", nav: "system", keys: "k", load: () => import("./pages/cluster.js") },
  { path: "settings", title: "settings.title", nav: "system", keys: "e", load: () => import("./pages/settings.js") },
];

/** The groups of the navigation, in their order. */
export const GROUPS = ["now", "routing", "control", "system"];

/** Whether there is a page of that path: others link to it only then. */
export function hasPage(path) {
  return ROUTES.some((one) => one.path === path);
}
