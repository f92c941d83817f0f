// The frame of a chart over time: faint horizontals, sparse years, the months in which the scenario changes something.

import { el, linePath, words } from "./svg.js";
import { figure, linear, ticks, years } from "./scales.js";

/** Edges of a plot inside its drawing. */
export function box(width, height, { left = 40, right = 96, top = 8, bottom = 24 } = {}) {
  return { left, right: width - right, top, bottom: height - bottom, width: width - left - right, height: height - top - bottom };
}

/** Scales of a plot: month by place, value by size; with all months' places at once. */
export function scales(edges, months, span) {
  const x = linear([0, Math.max(months.length - 1, 1)], [edges.left, edges.right]);
  const y = linear(span, [edges.bottom, edges.top]);
  return { x, y, xs: months.map((_, i) => x(i)) };
}

/** Draws horizontals with their values and years along the foot. `spec` has look, months, span, factor, and what is left out. */
export function framed(node, edges, spec) {
  const { look, months, span, factor, rows = 4, letters = 12, named = true, signs = false, values = ticks(span, rows) } = spec;
  const { x, y } = scales(edges, months, span);
  for (const value of values) {
    const zero = value === 0 && signs;
    node.append(el("line", { x1: edges.left, x2: edges.right, y1: y(value), y2: y(value), stroke: zero ? look.rule : look.faint, "stroke-width": zero ? 1.4 : 1 }));
    if (named) {
      const said = signs && value > 0 ? `+${figure(value, factor, span[1] - span[0])}` : figure(value, factor, span[1] - span[0]);
      node.append(words(edges.left - 7, y(value) + letters * 0.35, said, { size: letters, anchor: "end", fill: look.soft }));
    }
  }
  for (const { at, year } of years(months, edges.width, letters * 3.4)) {
    node.append(el("line", { x1: x(at), x2: x(at), y1: edges.bottom, y2: edges.bottom + 4, stroke: look.rule }));
    if (spec.years !== false) node.append(words(x(at), edges.bottom + letters + 5, year, { size: letters, anchor: "middle", fill: look.soft }));
  }
}

/** Draws the months in which the scenario changes something as thin verticals, each with its word on top. */
export function dated(node, edges, { look, months, changes, letters = 11.5 }) {
  const { x } = scales(edges, months, [0, 1]);
  let free = -Infinity;
  changes.forEach(({ at, words: said }, place) => {
    const month = Math.round((at - Number(months[0].slice(0, 4))) * 12) - (Number(months[0].slice(5)) - 1);
    if (month < 0 || month >= months.length) return;
    node.append(el("line", { x1: x(month), x2: x(month), y1: edges.top, y2: edges.bottom, stroke: look.rule, "stroke-width": 1, "stroke-dasharray": "2 3" }));
    const mark = String.fromCharCode(97 + place);
    const spot = Math.max(x(month), free + 10);
    const label = words(spot, edges.top - 3, mark, { size: letters, anchor: "middle", fill: look.soft, halo: look.paper });
    label.append(el("title", {}, said));
    node.append(label);
    free = spot;
  });
}

/** Draws the month that everything on the page stands at. */
export function cursor(node, edges, { look, months, month, dots = [] }) {
  const { x } = scales(edges, months, [0, 1]);
  node.append(el("line", { x1: x(month), x2: x(month), y1: edges.top, y2: edges.bottom, stroke: look.ink, "stroke-width": 1, opacity: 0.55 }));
  for (const { y, colour } of dots) {
    node.append(el("circle", { cx: x(month), cy: y, r: 3.6, fill: colour, stroke: look.paper, "stroke-width": 1.4 }));
  }
}

/** A line in a plot. */
export const stroke = (xs, ys, looks) => el("path", { d: linePath(xs, ys), fill: "none", "stroke-linejoin": "round", ...looks });

/** The month under a pointer. */
export function monthAt(edges, months, offset) {
  const share = (offset - edges.left) / Math.max(edges.width, 1);
  return Math.min(months.length - 1, Math.max(0, Math.round(share * (months.length - 1))));
}
