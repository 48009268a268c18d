// Who works here. Rule of this file: the token is in sessionStorage alone, so it is gone with the tab, and
// the node's own token, which was pasted to begin, is never kept.

const KEPT = "nirc.session";

let now = null;
const watchers = new Set();

/** The session: `{token, who, roles, ends_unix_s}`; null where there is none. */
export function current() {
  return now;
}

export function token() {
  return now?.token ?? "";
}

/** What acts are signed with. */
export function author() {
  return now?.who ?? "";
}

/** The session of this tab, from before it was loaded again. */
export function resume() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
    if (found && found.ends_unix_s * 1000 > Date.now()) now = found;
  } catch {
    sessionStorage.removeItem(KEPT);
  }
  return now;
}

/** It begins. */
export function begin(found) {
  now = found;
  sessionStorage.setItem(KEPT, JSON.stringify(found));
}

/** It is over, whoever ended it: everyone who watches is told once. */
export function lost() {
  if (now === null) return;
  now = null;
  sessionStorage.removeItem(KEPT);
  for (const told of watchers) told();
}

/** Call this when the session is over. */
export function onLost(told) {
  watchers.add(told);
}
