// Compares two texts line by line. Rule of this file: pure; the longest common subsequence, within limits, so that
// nobody waits for a picture of two very long texts.

const CELLS_MAX = 4_000_000;

/** `[{kind: "same" | "gone" | "new", text, old, now}]`, line numbers from 1; null where texts are too long. */
export function differences(before, after) {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let first = 0;
  while (first < a.length && first < b.length && a[first] === b[first]) first += 1;
  let last = 0;
  while (last < a.length - first && last < b.length - first && a.at(-1 - last) === b.at(-1 - last)) last += 1;
  const [left, right] = [a.slice(first, a.length - last), b.slice(first, b.length - last)];
  if (left.length * right.length > CELLS_MAX) return null;
  const lines = a.slice(0, first).map((text, n) => ({ kind: "same", text, old: n + 1, now: n + 1 }));
  lines.push(...between(left, right, first));
  const ends = [a.length - last, b.length - last];
  for (let n = 0; n < last; n += 1) lines.push({ kind: "same", text: a[ends[0] + n], old: ends[0] + n + 1, now: ends[1] + n + 1 });
  return lines;
}

function between(a, b, skipped) {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] = a[i] === b[j] ? longest[(i + 1) * width + j + 1] + 1 : Math.max(longest[(i + 1) * width + j], longest[i * width + j + 1]);
    }
  }
  const lines = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) lines.push({ kind: "same", text: a[i], old: skipped + ++i, now: skipped + ++j });
    else if (i < a.length && (j === b.length || longest[(i + 1) * width + j] >= longest[i * width + j + 1])) lines.push({ kind: "gone", text: a[i], old: skipped + ++i, now: null });
    else lines.push({ kind: "new", text: b[j], old: null, now: skipped + ++j });
  }
  return lines;
}
