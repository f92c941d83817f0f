// The pieces every chart is made of: elements, paths, words that do not touch each other. Data only ever become text, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element of a drawing with its attributes and children. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

/** Words in a drawing, with a ring of paper around them where they stand on marks. */
export function words(x, y, said, looks = {}) {
  const { halo, size = 12, anchor = "start", fill, weight, ...more } = looks;
  const ring = halo ? { stroke: halo, "stroke-width": 3.5, "stroke-linejoin": "round", "paint-order": "stroke" } : {};
  return el("text", { x, y, "font-size": size, "text-anchor": anchor, fill, "font-weight": weight, ...ring, ...more }, String(said));
}

/** An element of the page with properties and children; `class`, `for`, `role` and aria- names are attributes. */
export function html(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (/^(class|for|role|aria-|data-|type|href|download|tabindex)/.test(name)) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

/** A drawing of a size, with what it shows in words for those who cannot see it. */
export function drawing(width, height, said, font) {
  return el("svg", {
    xmlns: SVG, width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said, "font-family": font,
  });
}

const round = (value) => Math.round(value * 10) / 10;

/** A line through points; where a value is missing the line breaks. */
export function linePath(xs, ys) {
  let path = "", pen = false;
  for (let i = 0; i < xs.length; i++) {
    if (Number.isFinite(ys[i])) {
      path += `${pen ? "L" : "M"}${round(xs[i])} ${round(ys[i])}`;
      pen = true;
    } else pen = false;
  }
  return path;
}

/** The area between two lines. */
export function bandPath(xs, lows, highs) {
  let path = "";
  for (let i = 0; i < xs.length; i++) path += `${i ? "L" : "M"}${round(xs[i])} ${round(highs[i])}`;
  for (let i = xs.length - 1; i >= 0; i--) path += `L${round(xs[i])} ${round(lows[i])}`;
  return `${path}Z`;
}

/** Places as near as can be to where they want to stand, each at least a gap from the next, between two ends. */
export function apart(wanted, gap, low, high) {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const blocks = [];
  for (const i of order) {
    let centre = wanted[i], count = 1;
    for (;;) {
      const half = (gap * (count - 1)) / 2;
      centre = Math.min(Math.max(centre, low + half), Math.max(high - half, low + half));
      const last = blocks[blocks.length - 1];
      if (!last || last.centre + (gap * (last.count - 1)) / 2 + gap <= centre - half + 1e-9) break;
      blocks.pop();
      centre = (last.centre * last.count + centre * count) / (last.count + count);
      count += last.count;
    }
    blocks.push({ centre, count });
  }
  const places = blocks.flatMap(({ centre, count }) => Array.from({ length: count }, (_, k) => centre + gap * (k - (count - 1) / 2)));
  const found = [];
  order.forEach((i, place) => { found[i] = places[place]; });
  return found;
}

let pen = null;

/** How wide words are, in pixels. */
export function widthOf(said, size, font, weight = 400) {
  pen = pen || document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px ${font}`;
  return pen.measureText(said).width;
}

/** Words cut to a width, with an ellipsis where something was cut. */
export function shortened(said, room, size, font, weight = 400) {
  if (widthOf(said, size, font, weight) <= room) return said;
  let kept = said;
  while (kept && widthOf(`${kept}…`, size, font, weight) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

/** Words broken into lines that fit a width. */
export function wrapped(said, room, size, font, most = 2, weight = 400) {
  const lines = [];
  let rest = said.split(/\s+/).filter(Boolean);
  while (rest.length && lines.length < most) {
    let take = 1;
    while (take < rest.length && widthOf(rest.slice(0, take + 1).join(" "), size, font, weight) <= room) take++;
    lines.push(rest.slice(0, take).join(" "));
    rest = rest.slice(take);
  }
  if (rest.length) lines[lines.length - 1] += ` ${rest.join(" ")}`;
  return lines.map((line) => shortened(line, room, size, font, weight));
}
