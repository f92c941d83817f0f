// Ribbons and ladders: parts of a whole stacked over time, a panel a country; the earlier whole behind as a dashed line.

import { apart, bandPath, drawing, el, shortened, widthOf, words, wrapped } from "./svg.js";
import { cursor, framed, scales, stroke } from "./plot.js";
import { FONT, on, tint } from "./colours.js";

/** Lines between the parts of a whole, from the bottom up. */
export function stacked(parts) {
  const sums = [new Float32Array(parts[0].length)];
  for (const part of parts) {
    const below = sums[sums.length - 1];
    sums.push(part.map((value, i) => value + below[i]));
  }
  return sums;
}

function panelBoxes(count, width, wanted, high, right) {
  const gap = 20, across = Math.max(1, Math.min(count, Math.floor((width + gap) / wanted)));
  const each = (width - gap * (across - 1)) / across;
  return Array.from({ length: count }, (_, i) => {
    const left = (i % across) * (each + gap), top = Math.floor(i / across) * high, first = i % across === 0;
    const edges = { left: left + (first ? 34 : 4), right: left + each - right, top: top + 28, bottom: top + high - 26 };
    return { ...edges, width: edges.right - edges.left, outer: left, first, top0: top, each };
  });
}

/**
 * Panels of stacked parts. `panels` have id, name, parts (arrays over months, bottom first) and base (the same, or nothing);
 * `kinds` say for each part its name and colour. `spec` has width, look, months, month and said.
 */
export function stacks(spec) {
  const { look, width, panels, months, high = 178, wanted = 250, right = 84 } = spec;
  const boxes = panelBoxes(panels.length, width, wanted, high, right);
  const rows = boxes.length ? Math.max(...boxes.map((each) => each.top0)) + high : 40;
  const node = drawing(width, rows, spec.said, FONT);
  panels.forEach((panel, i) => {
    const edges = boxes[i];
    const { y, xs } = scales(edges, months, [0, 1]);
    const kinds = panel.kinds || spec.kinds, sums = stacked(panel.parts);
    kinds.forEach((kind, k) => {
      const fill = kind.fill || on(look.paper, kind.colour, 1.6);
      node.append(el("path", { d: bandPath(xs, Array.from(sums[k], y), Array.from(sums[k + 1], y)), fill, stroke: look.paper, "stroke-width": 0.7 }));
    });
    framed(node, edges, { look: { ...look, faint: "transparent" }, months, span: [0, 1], factor: 100, rows: 2, letters: 11.5, named: edges.first });
    if (panel.base) earlier(node, xs, y, stacked(panel.base), look);
    node.append(words(edges.left, edges.top0 + 16, shortened(panel.name, edges.each - 8, 13, FONT, 700), { size: 13, weight: 700, fill: look.ink }));
    cursor(node, edges, { look, months, month: spec.month });
    ends(node, edges, y, sums, kinds, look, right);
  });
  return { node, spots: boxes.map((each, i) => ({ id: panels[i].id, left: each.outer, top: each.top0, width: each.each, height: high, edges: each })) };
}

/** The lines between the parts before the change. */
function earlier(node, xs, y, sums, look) {
  for (const line of sums.slice(1, -1)) {
    if (line.every((value) => value < 0.004) || line.every((value) => value > 0.996)) continue;
    const places = Array.from(line, y);
    node.append(
      stroke(xs, places, { stroke: look.paper, "stroke-width": 2.2, opacity: 0.6 }),
      stroke(xs, places, { stroke: look.ink, "stroke-width": 1.3, "stroke-dasharray": "5 3", opacity: 0.85 }),
    );
  }
}

/** Names of the parts at the right end, with their share, on two lines where one is too short; thin parts go without. */
function ends(node, edges, y, sums, kinds, look, room) {
  const last = sums[0].length - 1, size = 11.5;
  const shown = kinds.map((kind, k) => ({ kind, share: sums[k + 1][last] - sums[k][last], middle: (sums[k][last] + sums[k + 1][last]) / 2 }))
    .filter(({ share }) => share >= 0.045);
  const lines = shown.map(({ kind, share }) => {
    const said = `${kind.name} ${Math.round(100 * share)}%`;
    return shown.length <= 3 ? wrapped(said, room - 12, size, FONT, 3, 700) : fitted(kind.name, ` ${Math.round(100 * share)}%`, room - 12, size);
  });
  const most = Math.max(...lines.map((each) => each.length));
  const spots = apart(shown.map(({ middle }) => y(middle)), 13.5 * most + 1, edges.top + 5, edges.bottom - 3);
  shown.forEach(({ kind }, i) => lines[i].forEach((said, row) => {
    const up = spots[i] + 4 + (row - (lines[i].length - 1) / 2) * 13.5;
    node.append(words(edges.right + 6, up, said, { size, weight: 700, fill: on(look.paper, kind.words || kind.colour, 4.5) }));
  }));
}

const fitted = (name, number, room, size) => [shortened(name, room - widthOf(number, size, FONT, 700), size, FONT, 700) + number];

/** Shades of a ladder's stages, deeper the nearer to membership. */
export function stageKinds(look, institution) {
  const top = Math.max(institution.stages.length - 1, 1), colour = on(look.paper, institution.colour);
  return institution.stages.map((name, place) => {
    const share = 0.1 + 0.9 * (place / top) ** 1.3;
    return { name, colour, fill: tint(look, colour, share), words: tint(look, colour, Math.max(0.6, share)) };
  });
}
