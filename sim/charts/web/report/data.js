// The numbers that travel inside the report: 16-bit steps in base64, unfolded into lines by month.

/** Unfolds packed numbers. `at` gives the values under some places, the last axes of the shape as one run of floats. */
export function unpacked({ shape, low, step, data }) {
  const raw = atob(data), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  const values = Float32Array.from(new Uint16Array(bytes.buffer), (steps) => low + steps * step);
  const sizes = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  return {
    shape,
    at(...places) {
      const start = places.reduce((sum, place, axis) => sum + place * sizes[axis], 0);
      return values.subarray(start, start + (places.length ? sizes[places.length - 1] : values.length));
    },
  };
}

/** The report's data with every packed part unfolded, and what is looked at first. */
export function opened(text) {
  const data = JSON.parse(text);
  data.course = unpacked(data.course);
  data.ladder = unpacked(data.ladder);
  data.ledgers.parts = unpacked(data.ledgers.parts);
  for (const measure of data.measures) measure.lines = unpacked(measure.lines);
  return data;
}

/** Lines of one country's measure: five quantiles (5, 25, 50, 75 and 95 of 100), single histories, and the history that is told. */
export function linesOf(data, measure, holder, country) {
  const count = measure.lines.shape[2], lines = [];
  for (let k = 0; k < count; k++) lines.push(measure.lines.at(holder, country, k));
  return { now: lines.slice(0, 5), singles: lines.slice(5, count - 1), told: lines[count - 1] };
}

/** The place of something by its id. */
export const placeOf = (list, id) => Math.max(0, list.findIndex((each) => each.id === id));

/** The span that values of a measure may have: both ways around zero, or from zero to the holder's top. */
export const boundsOf = (measure, holder) => (measure.both ? [-1, 1] : [0, measure.holders[holder].top]);
