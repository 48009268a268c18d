// The texts of the console, in the language of its user. Rule of this file: pages know keys, never
// words; what is missing in a language is shown as its key, so that a test and an eye find it.

export const LANGUAGES = { en: "English", de: "Deutsch" };
const PARTS = ["", ".acting"];
const KEPT = "nirc.language";

let table = {};
let plurals = new Intl.PluralRules("en");
export let language = "en";

/** The language that was chosen, else the browser's, else English. */
export function wanted() {
  const said = [localStorage.getItem(KEPT), ...navigator.languages.map((one) => one.slice(0, 2))];
  return said.find((one) => one in LANGUAGES) ?? "en";
}

/** Fetch a language's texts, and speak it from now on. */
export async function speak(code) {
  const files = PARTS.map((part) => fetch(`texts/${code}${part}.json`));
  const found = await Promise.all(files);
  table = Object.assign({}, ...(await Promise.all(found.map((one) => one.json()))));
  language = code;
  plurals = new Intl.PluralRules(code);
  document.documentElement.lang = code;
}

/** Speak it, and remember that it was chosen. */
export async function choose(code) {
  localStorage.setItem(KEPT, code);
  await speak(code);
}

/** The text of a key, each `{word}` replaced; with `count` its `.one` or `.other` form. */
export function t(key, values = {}) {
  const counted = "count" in values ? `${key}.${plurals.select(values.count)}` : key;
  const text = table[counted] ?? table[key];
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (whole, word) => (word in values ? String(values[word]) : whole));
}

/** Whether there is a text of that key: words that a newer node says may have none yet. */
export function has(key) {
  return key in table;
}

/** A word that a node says, such as a state: translated where it is known, else as it is. */
export function word(group, said) {
  return has(`${group}.${said}`) ? t(`${group}.${said}`) : String(said).replaceAll("_", " ");
}
