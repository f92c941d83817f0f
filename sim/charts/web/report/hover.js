// Values under a pointer or a key: one small card for the whole page, a line at the month, and the same words for a screen reader.

import { el, html } from "../svg.js";
import { monthAt } from "../plot.js";

let card = null;

/** The card that says what is under the pointer. `rows` have name, said, and a colour or none. */
export function show({ head, rows = [], foot = "" }, x, y) {
  card = card || document.body.appendChild(html("div", { class: "card", "aria-hidden": "true" }));
  const lines = rows.map(({ name, said, colour }) => {
    const dot = html("i", {});
    if (colour) dot.style.background = colour;
    return html("div", { class: "row" }, dot, html("span", {}, name), html("b", {}, said));
  });
  card.replaceChildren(html("strong", {}, head), ...lines, ...(foot ? [html("small", {}, foot)] : []));
  card.hidden = false;
  const box = card.getBoundingClientRect(), room = document.documentElement.clientWidth;
  const left = x + 18 + box.width > room ? x - box.width - 14 : x + 18;
  card.style.left = `${Math.max(6, Math.min(left, room - box.width - 6))}px`;
  card.style.top = `${Math.max(6, Math.min(y - box.height - 12 < 6 ? y + 18 : y - box.height - 12, innerHeight - box.height - 6))}px`;
}

/** Takes the card away. */
export function hide() {
  if (card) card.hidden = true;
}

/** What a card says, on one line. */
export const spoken = ({ head, rows = [], foot = "" }) => [head, ...rows.map(({ name, said }) => `${name} ${said}`), foot].filter(Boolean).join(", ");

/**
 * Makes a drawing answer to pointer, touch and arrow keys. `panels` have edges; `tell(panel, month)` gives what the card says.
 * Left and right change the month, up and down the panel. `picked` is told a month that was pressed on.
 */
export function readable(node, panels, months, tell, { at = months.length - 1, name, picked } = {}) {
  const hair = el("line", { class: "hair", "stroke-width": 1, stroke: "currentColor", visibility: "hidden", "pointer-events": "none" });
  node.append(hair);
  const width = Number(node.getAttribute("width"));
  let panel = 0, month = at;
  const scale = () => width / Math.max(node.getBoundingClientRect().width, 1);
  const found = (event) => {
    const box = node.getBoundingClientRect(), x = (event.clientX - box.left) * scale(), y = (event.clientY - box.top) * scale();
    const inside = panels.findIndex(({ edges }) => x >= edges.left - 12 && x <= edges.right + 90 && y >= edges.top - 26 && y <= edges.bottom + 24);
    return inside < 0 ? null : [inside, monthAt(panels[inside].edges, months, x)];
  };
  const point = (one, when, x, y) => {
    [panel, month] = [one, when];
    const { edges } = panels[one], along = edges.left + ((edges.right - edges.left) * when) / Math.max(months.length - 1, 1);
    for (const [key, value] of Object.entries({ x1: along, x2: along, y1: edges.top, y2: edges.bottom, visibility: "visible" })) hair.setAttribute(key, value);
    const said = tell(one, when), box = node.getBoundingClientRect();
    node.setAttribute("aria-valuenow", when);
    node.setAttribute("aria-valuetext", spoken(said));
    show(said, x ?? box.left + along / scale(), y ?? box.top + edges.top / scale());
  };
  const leave = () => { hair.setAttribute("visibility", "hidden"); hide(); };
  const moved = (event) => { const hit = found(event); if (hit) point(...hit, event.clientX, event.clientY); else leave(); };
  node.addEventListener("pointermove", moved);
  node.addEventListener("pointerdown", moved);
  node.addEventListener("pointerleave", leave);
  node.addEventListener("blur", leave);
  node.addEventListener("focus", () => { if (node.matches(":focus-visible")) point(panel, month); });
  node.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0], PageUp: [0, 12], PageDown: [0, -12], Home: [0, -1e6], End: [0, 1e6] };
    if (event.key === "Escape") return leave();
    if (event.key === "Enter" && picked) return picked(month, panel);
    if (!steps[event.key]) return undefined;
    event.preventDefault();
    const [down, across] = steps[event.key];
    return point((panel + down + panels.length) % panels.length, Math.min(months.length - 1, Math.max(0, month + across)));
  });
  if (picked) node.addEventListener("click", (event) => { const hit = found(event); if (hit) picked(hit[1], hit[0]); });
  const looks = { tabindex: 0, role: "slider", "aria-label": name || node.getAttribute("aria-label"), "aria-valuemin": 0, "aria-valuemax": months.length - 1, "aria-valuenow": month, "aria-valuetext": spoken(tell(panel, month)) };
  for (const [key, value] of Object.entries(looks)) node.setAttribute(key, value);
  return node;
}
