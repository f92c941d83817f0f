// Fans: nested bands of many histories with a few single ones in front, and the histories they are compared with behind.

import { apart, bandPath, drawing, el, shortened, words } from "./svg.js";
import { box, cursor, dated, framed, scales, stroke } from "./plot.js";
import { FONT, mixed, on } from "./colours.js";
import { figure, signed } from "./scales.js";

const MARGINS = { wide: { left: 42, right: 104, top: 18, bottom: 26 }, narrow: { left: 34, right: 72, top: 18, bottom: 26 } };

/** Edges of a fan's plot, for whoever wants to know which month a pointer is over. */
export const fanBox = (spec) => box(spec.width, spec.height, spec.width < 520 ? MARGINS.narrow : MARGINS.wide);

/**
 * A fan. `now` and `base` are five lines (5, 25, 50, 75 and 95 of 100 histories), `singles` some histories, `picked` one of them.
 * `spec` has width, height, look, months, span, factor, colour, changes, month, said and compared (whether `base` is another setting).
 */
export function fan(spec) {
  const { look, width, height, months, span, now, base, singles = [], picked, compared } = spec;
  const edges = fanBox(spec);
  const node = drawing(width, height, spec.said, FONT);
  const { y, xs } = scales(edges, months, span);
  framed(node, edges, { ...spec, letters: 12 });
  dated(node, edges, spec);
  const colour = on(look.paper, spec.colour);
  const places = (line) => Array.from(line, y);
  if (compared) ghost(node, xs, base.map(places), look);
  node.append(
    el("path", { d: bandPath(xs, places(now[0]), places(now[4])), fill: colour, opacity: look.bands[0] }),
    el("path", { d: bandPath(xs, places(now[1]), places(now[3])), fill: colour, opacity: look.bands[1] }),
  );
  for (const line of singles) node.append(stroke(xs, places(line), { stroke: mixed(colour, look.ink, 0.35), "stroke-width": 0.8, opacity: 0.55 }));
  node.append(stroke(xs, places(now[2]), { stroke: colour, "stroke-width": 2.4 }));
  if (picked) {
    node.append(stroke(xs, places(picked), { stroke: look.paper, "stroke-width": 4 }), stroke(xs, places(picked), { stroke: look.ink, "stroke-width": 1.8 }));
  }
  const dots = [{ y: y(now[2][spec.month]), colour }];
  if (compared) dots.unshift({ y: y(base[2][spec.month]), colour: look.ghost });
  cursor(node, edges, { ...spec, dots });
  named(node, edges, y, spec, colour);
  return node;
}

/** The histories compared with: a pale band with dashed edges, and a dashed median. */
function ghost(node, xs, base, look) {
  const edge = { stroke: look.ghost, "stroke-width": 0.9, "stroke-dasharray": "1.5 3", opacity: 0.8 };
  node.append(
    el("path", { d: bandPath(xs, base[0], base[4]), fill: look.ghost, opacity: 0.07 }),
    stroke(xs, base[0], edge), stroke(xs, base[4], edge),
    stroke(xs, base[2], { stroke: look.ghost, "stroke-width": 1.9, "stroke-dasharray": "5 3.5" }),
  );
}

/** The names of the lines at their ends, moved apart. */
function named(node, edges, y, spec, colour) {
  const { look, now, base, compared, factor, span, againstName = "baseline" } = spec;
  const last = now[2].length - 1, narrow = spec.width < 520, size = narrow ? 11.5 : 13;
  const marks = [{ at: y(now[2][last]), said: figure(now[2][last], factor, span[1] - span[0]), fill: on(look.paper, colour, 4.5), weight: 700 }];
  if (compared) {
    const number = figure(base[2][last], factor, span[1] - span[0]);
    const said = narrow ? number : shortened(`${number} ${againstName}`, 96, size, FONT);
    marks.push({ at: y(base[2][last]), said, fill: on(look.paper, look.ghost, 4.5), weight: 400 });
  }
  if (spec.picked) marks.push({ at: y(spec.picked[last]), said: spec.pickedName, fill: look.ink, weight: 400 });
  const spots = apart(marks.map((mark) => mark.at), size * 1.3, edges.top + size / 2, edges.bottom - size / 2);
  marks.forEach(({ said, fill, weight }, i) => node.append(words(edges.right + 8, spots[i] + size * 0.35, said, { size, fill, weight })));
}

/** The paired difference: how far each history lies from the same history without the change, around a zero line. */
export function difference(spec) {
  const { look, width, height, months, span, change, factor } = spec;
  const edges = fanBox(spec);
  const node = drawing(width, height, spec.said, FONT);
  const { y, xs } = scales(edges, months, span);
  framed(node, edges, { ...spec, values: [span[0], 0, span[1]], signs: true, letters: 12 });
  dated(node, edges, { ...spec, changes: [] });
  const colour = on(look.paper, spec.colour);
  const places = (line) => Array.from(line, y);
  node.append(
    el("path", { d: bandPath(xs, places(change[0]), places(change[4])), fill: colour, opacity: look.bands[0] }),
    el("path", { d: bandPath(xs, places(change[1]), places(change[3])), fill: colour, opacity: look.bands[1] }),
    stroke(xs, places(change[2]), { stroke: colour, "stroke-width": 2.2 }),
  );
  cursor(node, edges, { ...spec, dots: [{ y: y(change[2][spec.month]), colour }] });
  const last = change[2].length - 1;
  const said = signed(change[2][last], factor, span[1] - span[0]);
  node.append(words(edges.right + 8, y(change[2][last]) + 4.5, said, { size: 13, weight: 700, fill: on(look.paper, colour, 4.5) }));
  return node;
}

/** The single history that runs nearest to a point of a fan, if one is within reach. */
export function nearest(spec, offsetX, offsetY, month, reach = 14) {
  const { y } = scales(fanBox(spec), spec.months, spec.span);
  let best = -1, least = reach;
  (spec.singles || []).forEach((line, i) => {
    const far = Math.abs(y(line[month]) - offsetY);
    if (far < least) [best, least] = [i, far];
  });
  return best;
}

/** Small fans side by side, one a country, all on one scale. `panels` have name, inside, now, base and whether they are picked. */
export function fans(spec) {
  const { look, width, panels, months, span, factor, compared, colour: given } = spec;
  const across = Math.max(1, Math.min(panels.length, Math.floor(width / 190)));
  const gap = 18, each = (width - gap * (across - 1)) / across, high = 142;
  const rows = Math.ceil(panels.length / across);
  const node = drawing(width, rows * high, spec.said, FONT);
  const colour = on(look.paper, given), spots = [];
  panels.forEach((panel, i) => {
    const left = (i % across) * (each + gap), top = Math.floor(i / across) * high, first = i % across === 0;
    const edges = { left: left + (first ? 30 : 4), right: left + each - 34, top: top + 30, bottom: top + high - 24 };
    edges.width = edges.right - edges.left;
    const { y, xs } = scales(edges, months, span);
    const places = (line) => Array.from(line, y);
    framed(node, edges, { look, months, span, factor, rows: 2, letters: 11.5, named: first });
    if (compared) ghost(node, xs, panel.base.map(places), look);
    node.append(
      el("path", { d: bandPath(xs, places(panel.now[0]), places(panel.now[4])), fill: colour, opacity: look.bands[0] }),
      el("path", { d: bandPath(xs, places(panel.now[1]), places(panel.now[3])), fill: colour, opacity: look.bands[1] }),
      stroke(xs, places(panel.now[2]), { stroke: colour, "stroke-width": 2 }),
      words(left + (first ? 30 : 4), top + 15, panel.name, { size: 12.5, weight: 700, fill: look.ink }),
    );
    cursor(node, edges, { look, months, month: spec.month });
    const last = panel.now[2].length - 1;
    const end = Math.min(Math.max(y(panel.now[2][last]), edges.top + 5), edges.bottom - 4);
    node.append(words(edges.right + 5, end + 4, figure(panel.now[2][last], factor, span[1] - span[0]), { size: 11.5, weight: 700, fill: on(look.paper, colour, 4.5) }));
    spots.push({ id: panel.id, left, top, width: each, height: high, edges });
  });
  return { node, spots };
}
