// One history as lanes: a row a country, a mark for each thing that happened, by kind.

import { drawing, el, shortened, widthOf, words } from "./svg.js";
import { cursor, framed, scales } from "./plot.js";
import { FONT, on } from "./colours.js";

/** What each kind of entry looks like: a shape and a word for it. */
export const KINDS = {
  event: { shape: "burst", name: "event" },
  deed: { shape: "square", name: "deed" },
  accession: { shape: "up", name: "step into an institution" },
  leader: { shape: "ring", name: "new leader" },
  talks: { shape: "diamond", name: "talks" },
  linkage: { shape: "cross", name: "offer" },
};

const ROW = 24, OTHERS = "powers, clubs";

/** Lanes of one history. `entries` have month, kind, words, countries; `names` say what countries are called. */
export function lanes(spec) {
  const { look, width, months, entries, names, countries } = spec;
  const rows = [...countries, ""], named = (id) => (id ? names[id] : OTHERS);
  const left = Math.min(0.45 * width, 12 + Math.max(...rows.map((id) => widthOf(named(id), 12, FONT))));
  const height = rows.length * ROW + 30;
  const node = drawing(width, height, spec.said, FONT);
  const edges = { left, right: width - 10, top: 4, bottom: height - 26, width: width - 10 - left };
  framed(node, edges, { look: { ...look, faint: "transparent" }, months, span: [0, 1], factor: 1, rows: 1, letters: 11.5, named: false });
  const { x } = scales(edges, months, [0, 1]);
  rows.forEach((id, row) => {
    const y = 4 + row * ROW + ROW / 2;
    node.append(el("line", { x1: left, x2: edges.right, y1: y, y2: y, stroke: look.faint }));
    node.append(words(left - 8, y + 4, shortened(named(id), left - 10, 12, FONT), { size: 12, anchor: "end", fill: id ? look.ink : look.soft }));
  });
  entries.forEach((entry) => {
    const about = entry.countries.filter((id) => countries.includes(id));
    for (const id of about.length ? about : [""]) {
      const mark = shape(KINDS[entry.kind] ? KINDS[entry.kind].shape : "ring", x(entry.month), 4 + rows.indexOf(id) * ROW + ROW / 2, colourOf(entry, look));
      mark.append(el("title", {}, `${entry.when}: ${entry.words}`));
      node.append(mark);
    }
  });
  cursor(node, edges, { look, months, month: spec.month });
  return node;
}

function colourOf(entry, look) {
  if (entry.kind === "accession") return on(look.paper, look.more);
  if (entry.kind === "event") return on(look.paper, look.less);
  return look.ink;
}

/** A mark of a shape at a place. */
export function shape(kind, x, y, fill, r = 5) {
  const path = {
    square: `M${x - r + 1} ${y - r + 1}h${2 * r - 2}v${2 * r - 2}h${2 - 2 * r}Z`,
    up: `M${x} ${y - r}L${x + r} ${y + r - 1}H${x - r}Z`,
    diamond: `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`,
    cross: `M${x - 1.4} ${y - r}h2.8v${r - 1.4}h${r - 1.4}v2.8h${1.4 - r}v${r - 1.4}h-2.8v${1.4 - r}h${1.4 - r}v-2.8h${r - 1.4}Z`,
    burst: `M${x} ${y - r - 1}L${x + 1.6} ${y - 1.6}L${x + r + 1} ${y}L${x + 1.6} ${y + 1.6}L${x} ${y + r + 1}L${x - 1.6} ${y + 1.6}L${x - r - 1} ${y}L${x - 1.6} ${y - 1.6}Z`,
  }[kind];
  return path ? el("path", { d: path, fill }) : el("circle", { cx: x, cy: y, r: r - 1, fill: "none", stroke: fill, "stroke-width": 1.6 });
}
