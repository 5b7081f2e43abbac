// What a value may mean beside what it is. No DOM.

/** From the year 2001 to 2100, in seconds. */
const FIRST = 978_307_200;
const LAST = 4_133_980_800;

/** A number as the time that it may be since 1970, in seconds, milliseconds, microseconds or nanoseconds; undefined for others. */
export function timeWords(digits) {
  if (!/^\d{9,10}(?:\.\d{1,9})?$|^\d{12,13}$|^\d{15,16}$|^\d{18,19}$/.test(digits)) return undefined;
  let seconds = Number(digits);
  while (seconds > LAST) seconds /= 1_000;
  if (seconds < FIRST || seconds > LAST) return undefined;
  return `As a Unix time: ${new Date(seconds * 1_000).toISOString().replace("T", " ").replace(/(?:\.000)?Z$/, " UTC")}`;
}
