// The map: areas filled by a value, disputed lines dashed, lines inside a country dotted, a list beside it for those who read numbers.

import { drawing, el, widthOf, words } from "./svg.js";
import { FONT, amount, change, inkOn } from "./colours.js";

/** How wide a strip of the key is. */
const KEY = { width: 190, height: 10 };

/**
 * A map. `land` is what the server draws of the region, `values` a number a country, `reach` the far end of the scale;
 * `spec` has width, look, colour, both (whether below zero means something), picked, said, figure (a value in words) and names; and may
 * have `shade` (the colour of a value) and `middle` (what zero is called) where it is no change.
 */
export function map(land, spec) {
  const { look, width, values } = spec;
  const height = Math.round((width * land.height) / land.width) + 44;
  const node = drawing(width, height, spec.said, FONT);
  const scale = width / land.width, pen = 1 / scale;
  const inner = el("svg", { x: 0, y: 0, width, height: height - 44, viewBox: `0 0 ${land.width} ${land.height}` });
  node.append(inner);
  const fills = new Map();
  for (const area of land.areas) {
    const known = area.holder && Number.isFinite(values[area.holder]);
    const fill = known ? shade(spec, values[area.holder]) : look.land;
    if (known) fills.set(area.holder, fill);
    const path = el("path", { d: area.d, fill, stroke: known ? fill : look.paper, "stroke-width": 0.6 * pen });
    if (area.holder) path.setAttribute("data-country", area.holder);
    path.append(el("title", {}, known ? `${spec.names[area.holder]}: ${spec.figure(values[area.holder])}` : area.name));
    inner.append(path);
    if (area.apart && known) inner.append(hatching(area, fill, pen, look));
  }
  for (const d of land.borders) inner.append(el("path", { d, fill: "none", stroke: look.paper, "stroke-width": 1.2 * pen }));
  for (const { standing, d } of land.lines) {
    const looks = standing === "disputed" ? { "stroke-width": 1.6 * pen, "stroke-dasharray": `${5 * pen} ${3 * pen}` } : { "stroke-width": 1 * pen, "stroke-dasharray": `${1.2 * pen} ${2 * pen}` };
    inner.append(el("path", { d, fill: "none", stroke: look.ink, ...looks }));
  }
  for (const area of land.areas.filter((each) => each.holder === spec.picked)) {
    inner.append(el("path", { d: area.d, fill: "none", stroke: look.ink, "stroke-width": 2 * pen, "stroke-linejoin": "round" }));
  }
  labelled(node, land, spec, scale, fills);
  key(node, spec, height);
  return node;
}

const shade = (spec, value) => spec.shade ? spec.shade(value) : (spec.both ? change(spec.look, value / spec.reach) : amount(spec.look, spec.colour, value / spec.reach));

/** Stripes over an area that another authority runs than the one it is counted to. */
function hatching(area, fill, pen, look) {
  const id = `stripes-${Math.round(pen * 1000)}-${look.dark ? "d" : "l"}-${fill.slice(1)}`;
  const stripes = el("pattern", { id, width: 6 * pen, height: 6 * pen, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    el("line", { x1: 0, y1: 0, x2: 0, y2: 6 * pen, stroke: inkOn(fill), "stroke-width": 1.6 * pen, opacity: 0.6 }));
  return el("g", {}, stripes, el("path", { d: area.d, fill: `url(#${id})`, "pointer-events": "none" }));
}

/**
 * The value on each country, once, on its roomiest area, under its name where there is room for that; where areas are too small for
 * either the list below says it. An area's room counts less to its sides than up and down, as the server measured it.
 */
function labelled(node, land, spec, scale, fills) {
  const size = spec.width < 380 ? 11 : 12.5, roomiest = new Map();
  for (const area of land.areas) {
    const known = roomiest.get(area.holder);
    if (fills.has(area.holder) && (!known || area.at[2] > known.at[2])) roomiest.set(area.holder, area);
  }
  const taken = [];
  for (const [holder, area] of [...roomiest].sort(([, one], [, other]) => other.at[2] - one.at[2])) {
    const said = spec.figure(spec.values[holder]), [x, y, room] = area.at.map((each) => each * scale);
    const named = widthOf(spec.names[holder], 11, FONT) / 2, plain = widthOf(said, size, FONT, 700) / 2;
    const isNamed = named < 1.15 * room && size < 0.75 * room, half = isNamed ? Math.max(named, plain) : plain;
    const tall = isNamed ? size + 12 : size;
    const touches = taken.some((other) => Math.abs(other.x - x) < other.half + half + 2 && Math.abs(other.y - y) < (other.tall + tall) / 2);
    if (touches || room < 0.42 * size) continue;
    taken.push({ x, y, half, tall });
    const looks = { anchor: "middle", fill: inkOn(fills.get(holder)), "pointer-events": "none" };
    if (isNamed) node.append(words(x, y - 2, spec.names[holder], { size: 11, ...looks }));
    node.append(words(x, y + (isNamed ? size * 0.95 : size * 0.35), said, { size, weight: 700, ...looks }));
  }
}

/** The key under the map: a strip of the scale with its ends. */
function key(node, spec, height) {
  const { look, reach, both } = spec, top = height - 30, id = `key-${look.dark ? "dark" : "light"}-${both ? "both" : "one"}-${spec.colour.slice(1)}`;
  const stops = Array.from({ length: 9 }, (_, i) => {
    const share = both ? i / 4 - 1 : i / 8;
    return el("stop", { offset: `${(100 * i) / 8}%`, "stop-color": shade(spec, share * reach) });
  });
  node.append(
    el("linearGradient", { id }, ...stops),
    el("rect", { x: 0, y: top, width: KEY.width, height: KEY.height, fill: `url(#${id})` }),
    words(0, top + 24, both ? spec.figure(-reach) : spec.figure(0), { size: 11.5, fill: look.soft }),
    words(KEY.width, top + 24, spec.figure(reach), { size: 11.5, fill: look.soft, anchor: "end" }),
  );
  if (both) node.append(words(KEY.width / 2, top + 24, spec.middle ?? "no change", { size: 11.5, fill: look.soft, anchor: "middle" }));
  if (spec.width > 330) {
    node.append(
      el("line", { x1: KEY.width + 24, x2: KEY.width + 48, y1: top + 5, y2: top + 5, stroke: look.ink, "stroke-width": 1.6, "stroke-dasharray": "5 3" }),
      words(KEY.width + 54, top + 9, "disputed line", { size: 11.5, fill: look.soft }),
    );
  }
}
