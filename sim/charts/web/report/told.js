// One history told: its lanes with marks, what each mark was and why under the pointer, and its tension among all histories.

import { KINDS, lanes, shape } from "../history.js";
import { drawing, html } from "../svg.js";
import { unlike } from "../colours.js";
import { monthName } from "../scales.js";
import { linesOf, placeOf } from "./data.js";
import { hide, readable, show } from "./hover.js";
import { oneAmongMany } from "./panels.js";

/** Draws the history that is told into its place. */
export function told(page) {
  const { data } = page, holder = document.getElementById("lanes");
  if (!holder || !data.chronicle.length) return () => {};
  const marks = html("div", { class: "drawn" }), key = html("p", { class: "key soft" }), under = html("div", { class: "drawn" });
  holder.replaceChildren(marks, key, html("h3", {}, "Its tension among that of all histories"), html("p", { class: "soft" }, `The line is history ${data.told}; grey holds half and nine tenths of ${data.runs}.`), under);
  return () => {
    marks.replaceChildren(laneDrawing(page, marks));
    key.replaceChildren(...kindsShown(data).map((kind) => html("span", {}, sample(kind, page.look), KINDS[kind].name)));
    under.replaceChildren(tensionDrawing(page, under));
  };
}

const kindsShown = (data) => Object.keys(KINDS).filter((kind) => data.chronicle.some((entry) => entry.kind === kind));

function sample(kind, look) {
  const node = drawing(16, 14, "", "");
  node.setAttribute("aria-hidden", "true");
  node.append(shape(KINDS[kind].shape, 7, 7, look.ink));
  return node;
}

/** The lanes, with a card for every mark. */
function laneDrawing(page, room) {
  const { data, look } = page, shown = data.countries.map(({ id }) => id);
  const names = Object.fromEntries(data.countries.map(({ id, short }) => [id, short]));
  const node = lanes({ look, width: Math.max(260, page.widthOf(room)), months: data.months, month: data.months.length - 1, entries: data.chronicle, names, countries: shown, said: `What happened in history ${data.told}, by country and month` });
  const about = data.chronicle.flatMap((entry) => {
    const own = entry.countries.filter((id) => shown.includes(id));
    return (own.length ? own : [""]).map(() => entry);
  });
  [...node.querySelectorAll("title")].forEach((title, i) => {
    const mark = title.parentElement, { when, words, why } = about[i];
    title.remove();
    mark.addEventListener("pointermove", (event) => show({ head: when, rows: [{ name: words, said: "" }], foot: why ? `Because: ${why}` : "" }, event.clientX, event.clientY));
    mark.addEventListener("pointerleave", hide);
  });
  return node;
}

function tensionDrawing(page, room) {
  const { data, look } = page, measure = data.measures[placeOf(data.measures, "tension")];
  const panels = data.countries.map(({ short }, i) => ({ short, i })).filter(({ i }) => data.countries[i].leaf).map(({ short, i }) => {
    const { now, told: line } = linesOf(data, measure, 0, i);
    return { name: short, lines: now, told: line };
  });
  const far = Math.max(...panels.flatMap(({ lines, told: line }) => [...lines[4], ...line]));
  const colour = unlike([...data.sides.map((side) => side.colour), look.more, look.less]);
  const made = oneAmongMany({ look, width: Math.max(260, page.widthOf(room)), panels, months: data.months, span: [0, Math.min(1, Math.ceil(4 * far) / 4)], colour, said: `Tension in history ${data.told} among all histories` });
  const say = (value) => String(Math.round(100 * value));
  const tell = (panel, month) => ({
    head: `${panels[panel].name}, ${monthName(data.months[month])}`,
    rows: [
      { name: `history ${data.told}`, said: say(panels[panel].told[month]), colour },
      { name: "median of all", said: say(panels[panel].lines[2][month]) },
      { name: "nine tenths", said: `${say(panels[panel].lines[0][month])} to ${say(panels[panel].lines[4][month])}` },
    ],
  });
  return readable(made.node, made.panels, data.months, tell);
}
