// Writes numbers, times and durations. Rule of this file: pure; what is not known is a dash, never 0.

import { language, t } from "./texts.js";

export const NONE = "–";

/** A number with so many places behind the point. */
export function number(value, places = 0) {
  if (!known(value)) return NONE;
  const shape = { minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat(language, shape).format(value);
}

/** A share of 0 to 1 as per cent. */
export function percent(share, places = 0) {
  return known(share) ? `${number(share * 100, places)} %` : NONE;
}

/** Seconds as 0:42, 12:03 or 3:25:10; days in front where there are any. */
export function duration(seconds) {
  if (!known(seconds)) return NONE;
  const whole = Math.max(0, Math.floor(seconds));
  const [days, hours] = [Math.floor(whole / 86400), Math.floor(whole / 3600) % 24];
  const [minutes, rest] = [Math.floor(whole / 60) % 60, whole % 60];
  const two = (value) => String(value).padStart(2, "0");
  if (days) return t("format.days", { days, clock: `${hours}:${two(minutes)}` });
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** Seconds as one to three digits and a unit: 0.4 s, 42 s, 12 min. */
export function seconds(value) {
  if (!known(value)) return NONE;
  if (value < 10) return `${number(value, 1)} s`;
  return value < 120 ? `${number(value)} s` : `${number(value / 60)} min`;
}

/** The time of day of a wall time in seconds; with the date where it is another day. */
export function instant(unix_s) {
  if (!known(unix_s)) return NONE;
  const when = new Date(unix_s * 1000);
  const clock = when.toLocaleTimeString(language, { hour12: false });
  const today = when.toDateString() === new Date().toDateString();
  return today ? clock : `${when.toLocaleDateString(language)} ${clock}`;
}

/** Bytes as kB, MB or GB. */
export function bytes(value) {
  if (!known(value)) return NONE;
  const units = ["B", "kB", "MB", "GB", "TB"];
  let step = 0;
  for (; value >= 1000 && step < units.length - 1; step += 1) value /= 1000;
  return `${number(value, step && value < 10 ? 1 : 0)} ${units[step]}`;
}

/** The first characters of an id, enough to tell it from others on one screen. */
export function short(id) {
  return String(id).slice(0, 8);
}

function known(value) {
  return value !== null && value !== undefined && Number.isFinite(Number(value));
}
