// Drawings of the report's own: tension with those who make it, dates of entry, and one history against all of them.

import { apart, bandPath, drawing, el, shortened, widthOf, words, wrapped } from "../svg.js";
import { dated, framed, scales, stroke } from "../plot.js";
import { FONT, on, tint } from "../colours.js";
import { years } from "../scales.js";

/** A panel's edges inside a drawing, with room at the right for labels. */
export function edgesOf(width, height, { left = 34, right = 84, top = 16, bottom = 26 } = {}) {
  return { left, right: width - right, top, bottom: height - bottom, width: width - left - right };
}

/** Bands and median of many histories in the colour of the ink. */
function spread(node, xs, lines, y, look, strength = 1) {
  const places = lines.map((line) => Array.from(line, y));
  node.append(
    el("path", { d: bandPath(xs, places[0], places[4]), fill: look.ink, opacity: 0.13 * strength }),
    el("path", { d: bandPath(xs, places[1], places[3]), fill: look.ink, opacity: 0.2 * strength }),
  );
  return () => node.append(stroke(xs, places[2], { stroke: look.ink, "stroke-width": 2 }));
}

/** Tension of one country: the mean parts of those who make it stacked, what calms below zero, and the fan of the total over them. */
export function tensionPanel(spec) {
  const { look, width, height, months, span, lines, singles, ledgers } = spec;
  const node = drawing(width, height, spec.said, FONT), edges = edgesOf(width, height, { right: spec.right ?? 84 });
  const { y, xs } = scales(edges, months, span), count = months.length;
  const above = new Float32Array(count), below = new Float32Array(count), marks = [];
  for (const { name, colour, line } of ledgers) {
    const fill = tint(look, colour, look.dark ? 0.62 : 0.55);
    for (const [base, sign] of [[above, 1], [below, -1]]) {
      const from = Float32Array.from(base);
      line.forEach((value, i) => { base[i] += sign * value > 0 ? value : 0; });
      if (from.some((value, i) => Math.abs(value - base[i]) > 0.001)) {
        node.append(el("path", { d: bandPath(xs, Array.from(from, y), Array.from(base, y)), fill, stroke: look.paper, "stroke-width": 0.5 }));
      }
      if (sign * line[count - 1] > 0.012) marks.push({ at: y((from[count - 1] + base[count - 1]) / 2), name, colour, said: `${Math.round(100 * line[count - 1])}`.replace("-", "−") });
    }
  }
  const median = spread(node, xs, lines, y, look);
  for (const single of singles) node.append(stroke(xs, Array.from(single, y), { stroke: look.ink, "stroke-width": 0.6, opacity: 0.45 }));
  median();
  framed(node, edges, { look: { ...look, faint: "transparent" }, months, span, factor: 100, rows: 3, letters: 11.5 });
  dated(node, edges, { look, months, changes: spec.changes });
  const spots = apart(marks.map(({ at }) => at), 14.5, edges.top + 4, edges.bottom - 2);
  marks.forEach(({ name, colour, said }, i) => {
    const label = `${shortened(name, width - edges.right - 32, 11.5, FONT, 700)} ${said}`;
    node.append(words(edges.right + 6, spots[i] + 4, label, { size: 11.5, weight: 700, fill: on(look.paper, colour, 4.5) }));
  });
  return { node, edges };
}

const ROW = 46;

/** When a country takes its next step and becomes a member: a dot at the median, thick over the middle half, thin over nine tenths. */
export function entryDates(spec) {
  const { look, width, steps, months } = spec, height = steps.length * ROW + 24;
  const node = drawing(width, height, spec.said, FONT), edges = edgesOf(width, height, { left: 16, right: 16, top: 0, bottom: 22 });
  const { x } = scales(edges, months, [0, 1]);
  for (const { at, year } of years(months, edges.width, 42)) {
    node.append(el("line", { x1: x(at), x2: x(at), y1: 4, y2: edges.bottom, stroke: look.faint }));
    node.append(words(x(at), edges.bottom + 16, year, { size: 11.5, anchor: "middle", fill: look.soft }));
  }
  steps.forEach(({ title, said, at, colour }, i) => {
    const y = i * ROW + 33, ink = on(look.paper, colour), line = { y1: y, y2: y, stroke: ink }, told = shortened(said, width * 0.6, 12, FONT);
    node.append(words(2, y - 17, shortened(title, width - widthOf(told, 12, FONT) - 14, 12, FONT, 700), { size: 12, weight: 700, fill: on(look.paper, colour, 4.5), halo: look.paper }));
    node.append(words(width - 2, y - 17, told, { size: 12, anchor: "end", fill: look.soft, halo: look.paper }));
    node.append(el("line", { x1: edges.left, x2: edges.right, y1: y, y2: y, stroke: look.rule, "stroke-dasharray": "1 3" }));
    const [low, first, middle, third, high] = at.map((place) => (place === null ? null : x(place)));
    if (low === null) return;
    node.append(el("line", { ...line, x1: low, x2: high ?? edges.right, "stroke-width": 1.5 }));
    if (first !== null) node.append(el("line", { ...line, x1: first, x2: third ?? edges.right, "stroke-width": 6, opacity: 0.5 }));
    if (high === null) node.append(el("path", { d: `M${edges.right} ${y - 5}l8 5l-8 5Z`, fill: ink }));
    if (middle !== null) node.append(el("circle", { cx: middle, cy: y, r: 5.5, fill: ink, stroke: look.paper, "stroke-width": 1.5 }));
  });
  return { node, edges };
}

/** Small panels of one history's tension in front of what all histories did. `panels` have name, lines and told. */
export function oneAmongMany(spec) {
  const { look, width, panels, months, span } = spec, gap = 16;
  const across = Math.max(1, Math.min(panels.length, Math.floor((width + gap) / 176))), each = (width - gap * (across - 1)) / across, high = 122;
  const node = drawing(width, Math.ceil(panels.length / across) * high, spec.said, FONT), colour = on(look.paper, spec.colour);
  const made = panels.map((panel, i) => {
    const left = (i % across) * (each + gap), top = Math.floor(i / across) * high, first = i % across === 0;
    const edges = { left: left + (first ? 28 : 4), right: left + each - 28, top: top + 24, bottom: top + high - 24, width: each - 28 - (first ? 28 : 4) };
    const { y, xs } = scales(edges, months, span), last = panel.told[months.length - 1];
    framed(node, edges, { look, months, span, factor: 100, rows: 2, letters: 11.5, named: first });
    spread(node, xs, panel.lines, y, look, 0.8);
    const [name] = wrapped(panel.name, each - 8, 12.5, FONT, 1, 700);
    node.append(
      stroke(xs, Array.from(panel.told, y), { stroke: colour, "stroke-width": 2 }),
      words(edges.left, top + 14, name, { size: 12.5, weight: 700, fill: look.ink }),
      words(edges.right + 4, y(last) + 4, `${Math.round(100 * last)}`, { size: 11.5, weight: 700, fill: on(look.paper, spec.colour, 4.5) }),
    );
    return { edges };
  });
  return { node, panels: made };
}

/** The scale over the lines of an outcome: its ends, and the mean of all. */
export function dumbbellAxis({ look, width, span, mean, digits }) {
  const node = drawing(width, 20, "", FONT), x = (value) => 8 + ((value - span[0]) / (span[1] - span[0] || 1)) * (width - 16);
  const said = (value) => value.toFixed(digits).replace("-", "−"), size = 11.5, fill = look.soft;
  node.append(words(2, 14, said(span[0]), { size, fill }), words(width - 2, 14, said(span[1]), { size, fill, anchor: "end" }));
  if (x(mean) > 70 && x(mean) < width - 70) node.append(words(x(mean), 14, `mean ${said(mean)}`, { size, fill, anchor: "middle" }));
  return node;
}

/** A line from where an outcome ends with a number drawn low to where it ends with it drawn high, with both means on it. */
export function dumbbell({ look, width, low, high, mean, span, said }) {
  const node = drawing(width, 30, said, FONT), left = 8, right = width - 8;
  const x = (value) => left + ((value - span[0]) / (span[1] - span[0] || 1)) * (right - left), up = on(look.paper, look.more), down = on(look.paper, look.less);
  const colour = high > low ? up : down;
  node.append(
    el("line", { x1: left, x2: right, y1: 15, y2: 15, stroke: look.faint }),
    el("line", { x1: x(mean), x2: x(mean), y1: 3, y2: 27, stroke: look.rule }),
    el("line", { x1: x(low), x2: x(high), y1: 15, y2: 15, stroke: colour, "stroke-width": 5, opacity: 0.45 }),
    el("circle", { cx: x(low), cy: 15, r: 5, fill: look.paper, stroke: colour, "stroke-width": 2 }),
    el("circle", { cx: x(high), cy: 15, r: 6, fill: colour }),
  );
  return node;
}
