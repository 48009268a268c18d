// Dark or light. Rule of this file: as the system says unless somebody chose; the choice stays in this browser.

const KEPT = "nirc.theme";
export const THEMES = ["auto", "light", "dark"];

/** What was chosen. */
export function chosen() {
  const found = localStorage.getItem(KEPT);
  return THEMES.includes(found) ? found : "auto";
}

/** Choose, and show it. */
export function choose(theme) {
  localStorage.setItem(KEPT, theme);
  show();
}

/** Show what was chosen. */
export function show() {
  document.documentElement.dataset.theme = chosen();
}

/** From what is seen now to the other. */
export function turn() {
  const dark = chosen() === "dark" || (chosen() === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  choose(dark ? "light" : "dark");
}
