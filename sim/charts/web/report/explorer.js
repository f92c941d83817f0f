// One country at a time: any measure as a fan with its values under the pointer, or all countries side by side.

import { html } from "../svg.js";
import { fan, fanBox, fans } from "../fan.js";
import { csvFile, handOver, pngFile, sheet, svgFile } from "../keep.js";
import { figure, monthName, signed, spanOf } from "../scales.js";
import { LOOKS } from "../colours.js";
import { boundsOf, linesOf, placeOf } from "./data.js";
import { readable } from "./hover.js";
import { labelled, partnerOf, pickers } from "./picks.js";

/** What the explorer is looking at: measure, holder, country, their lines, and how to say a value. */
function view(page) {
  const { data } = page, wish = page.looks.fan, measure = data.measures[placeOf(data.measures, wish.measure)];
  const place = placeOf(measure.holders, wish.holder), at = placeOf(data.countries, page.country), bounds = boundsOf(measure, place);
  const say = (value, span = 1) => (measure.both ? signed(value, 100, 2) : figure(value, measure.factor, span));
  return { measure, place, at, bounds, say, lines: linesOf(data, measure, place, at), unit: measure.unit === "of 100" ? "of 100" : "stages" };
}

/** The finding over the fan: where the median ends and where nine tenths of the histories do. */
function finding(page, { measure, place, at, lines, say, unit }) {
  const last = page.data.months.length - 1, [low, , middle, , high] = lines.now.map((line) => say(line[last]));
  const band = low === high ? "" : ` (${low}\u00a0to\u00a0${high})`;
  return `${page.data.countries[at].name}: ${labelled(measure, place).replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())} ends at ${middle} ${unit}${band}`;
}

/** What a month says: median, middle half and nine tenths. */
const reading = (page, country, lines, say, month, colour) => ({
  head: `${country}, ${monthName(page.data.months[month])}`,
  rows: [
    { name: "median", said: say(lines.now[2][month]), colour },
    { name: "half of the histories", said: `${say(lines.now[1][month])} to ${say(lines.now[3][month])}` },
    { name: "nine tenths", said: `${say(lines.now[0][month])} to ${say(lines.now[4][month])}` },
  ],
});

/** What the letters over the charts mean. */
const letters = (data) => data.changes.map(({ words, when }, place) => ` ${String.fromCharCode(97 + place)}: ${words}, ${when}.`).join("");

function oneFan(page, found, width, look) {
  const { measure, place, lines, bounds } = found, { data } = page, { colour, top } = partnerOf(measure, place);
  const picked = page.looks.fan.told ? lines.told : null;
  const values = [...lines.now[0], ...lines.now[4], ...lines.singles.flatMap((line) => [...line]), ...(picked || [])];
  const spec = {
    width, height: width < 520 ? 240 : 380, look, months: data.months, factor: measure.factor, month: page.month, changes: data.changes, compared: false,
    span: spanOf(values, bounds, 0.12 * top), colour, now: lines.now, base: lines.now, singles: lines.singles, picked, pickedName: width < 520 ? "told" : `history ${data.told}`,
    signs: measure.both, said: finding(page, found),
  };
  return { node: fan(spec), panels: [{ edges: fanBox(spec) }] };
}

function allFans(page, found, width, look) {
  const { measure, place, bounds } = found, { data } = page, { colour, top } = partnerOf(measure, place);
  const panels = data.countries.map(({ id, short }, i) => ({ id, name: short, now: linesOf(data, measure, place, i).now }));
  const span = spanOf(panels.flatMap(({ now }) => [...now[0], ...now[4]]), bounds, 0.12 * top);
  const made = fans({ look, width, panels, months: data.months, span, factor: measure.factor, compared: false, colour, month: page.month, said: `${labelled(measure, place)}, country by country` });
  return { node: made.node, panels: made.spots };
}

/** Builds the explorer once; the function it gives draws what is looked at. */
export function explorer(page) {
  const holder = document.getElementById("explorer"), wish = page.looks.fan, picks = pickers(page, "fan", ["country", "measure", "holder"]);
  const title = html("h3", { "aria-live": "polite" }), how = html("p", { class: "soft" }), drawn = html("div", { class: "drawn" });
  const kinds = [["one", "One country"], ["all", "All countries"]].map(([kind, said]) => html("button", { type: "button", "data-kind": kind, onclick: () => { wish.chart = kind; page.set({ looks: page.looks }); } }, said));
  const told = html("input", { type: "checkbox", id: "told", onchange: () => { wish.told = told.checked; page.set({ looks: page.looks }); } });
  const taking = html("div", { class: "taking" }, ...[["png", "PNG"], ["svg", "SVG"], ["csv", "CSV"]].map(([kind, said]) =>
    html("button", { type: "button", class: "plain", "aria-label": `Save this picture's ${said} file`, onclick: () => taken(page, kind) }, said)));
  const tools = html("div", { class: "tools" }, html("div", { class: "tabs", role: "group", "aria-label": "How many countries" }, ...kinds),
    html("label", { class: "tick" }, told, ` history ${page.data.told}, told below`), taking);
  holder.replaceChildren(picks.node, tools, title, how, drawn);
  return () => {
    picks.paint();
    const found = view(page), all = wish.chart === "all", width = Math.max(260, page.widthOf(drawn)), { data } = page;
    kinds.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.kind === wish.chart)));
    told.checked = wish.told;
    told.parentElement.hidden = all;
    title.textContent = all ? `${labelled(found.measure, found.place)}, country by country` : finding(page, found);
    how.textContent = `${found.measure.meaning[0].toUpperCase()}${found.measure.meaning.slice(1)}. Shaded: the middle half and nine tenths of ${data.runs} histories${all ? "" : `; thin: ${found.lines.singles.length} single ones`}.${all ? "" : letters(data)}`;
    const made = (all ? allFans : oneFan)(page, found, width, page.look), { colour } = partnerOf(found.measure, found.place);
    const tell = (panel, month) => {
      const i = all ? panel : found.at;
      return reading(page, data.countries[i].name, linesOf(data, found.measure, found.place, i), found.say, month, colour);
    };
    const picked = (month, panel) => page.set(all ? { month, country: data.countries[panel].id } : { month });
    const had = drawn.contains(document.activeElement);
    drawn.replaceChildren(readable(made.node, made.panels, data.months, tell, { at: page.month, picked }));
    if (had) drawn.firstChild.focus();
  };
}

/** Hands over the picture of the explorer, or its numbers. */
async function taken(page, kind) {
  const found = view(page), { data } = page, look = LOOKS.light, name = `${data.countries[found.at].id}-${found.measure.id}`.replace(/[^\w-]+/g, "_");
  if (kind === "csv") {
    const columns = ["country", "measure", "whose", "month", "q05", "q25", "median", "q75", "q95"];
    const about = [data.countries[found.at].id, found.measure.id, partnerOf(found.measure, found.place).id];
    return handOver(csvFile([columns, ...data.months.map((month, i) => [...about, month, ...found.lines.now.map((line) => line[i])])]), `${name}.csv`);
  }
  const made = (page.looks.fan.chart === "all" ? allFans : oneFan)(page, found, 860, look);
  const words = { title: finding(page, found), subtitle: found.measure.meaning, foot: data.foot, look };
  const drawing = sheet(made.node, words);
  return handOver(kind === "svg" ? svgFile(drawing) : await pngFile(drawing), `${name}.${kind}`);
}
