// From values to places: scales that never end in the middle of a number, months and years.

export const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** A straight scale from values to pixels. */
export function linear([from, to], [start, end]) {
  const slope = (end - start) / (to - from || 1);
  return (value) => start + (value - from) * slope;
}

/** A month written 2019-03 as people say it: March 2019, or Mar 2019. */
export function monthName(month, short = false) {
  const [year, number] = month.split("-");
  const name = MONTHS[Number(number) - 1] || "";
  return `${short ? name.slice(0, 3) : name} ${year}`;
}

/** A plain step so that a span has about so many of them: 1, 2, 2.5 or 5 times a power of ten. */
export function step(span, about) {
  const rough = span / Math.max(about, 1);
  const power = 10 ** Math.floor(Math.log10(rough || 1));
  return [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough - 1e-12) || power * 10;
}

/** Plain numbers inside a span. */
export function ticks([low, high], about = 4) {
  const each = step(high - low, about);
  const first = Math.ceil(low / each - 1e-9);
  const found = [];
  for (let i = first; i * each <= high + each * 1e-9; i++) found.push(Math.abs(i * each) < 1e-12 ? 0 : Number((i * each).toPrecision(12)));
  return found;
}

/** The smallest span of plain numbers around values, inside bounds and no narrower than a least width; grown from an earlier one. */
export function spanOf(values, [lowest, highest], least, before = null) {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (!Number.isFinite(low)) [low, high] = [lowest, highest];
  if (before) [low, high] = [Math.min(low, before[0]), Math.max(high, before[1])];
  if (before && low === before[0] && high === before[1]) return before;
  const more = Math.max(0, least - (high - low)) / 2;
  const each = step(high - low + 2 * more, 4);
  const ends = [Math.floor((low - more) / each + 1e-6) * each, Math.ceil((high + more) / each - 1e-6) * each];
  return [Math.max(lowest, ends[0]), Math.min(highest, ends[1])];
}

/** A span that reaches as far below zero as above it. */
export function evenSpan(values, least, before = null) {
  let far = before ? before[1] : least;
  for (const value of values) if (Math.abs(value) > far) far = Math.abs(value);
  if (before && far === before[1]) return before;
  const each = step(far, 3);
  far = Math.ceil(far / each - 1e-6) * each;
  return [-far, far];
}

/** Places of Januaries among months, thinned so that their names fit: index and year. */
export function years(months, width, room = 44) {
  const found = months.map((month, i) => [i, month]).filter(([, month]) => month.endsWith("-01"));
  const every = Math.max(1, Math.ceil((found.length * room) / Math.max(width, 1)));
  const kept = found.filter(([, month]) => Number(month.slice(0, 4)) % every === 0);
  return (kept.length ? kept : [[0, months[0]]]).map(([i, month]) => ({ at: i, year: month.slice(0, 4) }));
}

/** A value in the unit people read it in, with no more digits than it deserves. */
export function figure(value, factor, span = 1) {
  if (!Number.isFinite(value)) return "none";
  const scaled = value * factor;
  const digits = factor === 1 ? (span < 1.5 ? 2 : 1) : Math.abs(span * factor) < 8 ? 1 : 0;
  const said = scaled.toFixed(digits);
  return (Number(said) === 0 ? (0).toFixed(digits) : said).replace("-", "−");
}

/** A change with its sign. */
export function signed(value, factor, span = 1) {
  const said = figure(value, factor, span);
  return value > 0 && Number(said) !== 0 ? `+${said}` : said;
}
