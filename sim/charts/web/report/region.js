// The region month by month: the map with its slider and list, and beside it the ladders into one institution.

import { html } from "../svg.js";
import { map } from "../land.js";
import { stacks, stageKinds } from "../ribbons.js";
import { mixed, on } from "../colours.js";
import { figure, monthName, signed, step } from "../scales.js";
import { linesOf, placeOf } from "./data.js";
import { hide, readable, show } from "./hover.js";
import { labelled, partnerOf, pickers } from "./picks.js";

const BEAT = 150;

/** Makes the slider with its play button; `page.month` moves with it. */
export function slider(page) {
  const { months } = page.data, last = months.length - 1;
  const range = html("input", { type: "range", min: 0, max: last, step: 1, id: "month", "aria-label": "Month of the map and the ladders" });
  const name = html("output", { for: "month" }), play = html("button", { type: "button", "aria-pressed": "false" }, "Play");
  let clock = null;
  const stop = () => {
    clearInterval(clock);
    clock = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  const begin = () => {
    let at = page.month >= last ? 0 : page.month + 1;
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    clock = setInterval(() => {
      page.set({ month: at });
      if (at >= last) stop();
      at += 1;
    }, BEAT);
  };
  play.addEventListener("click", () => (clock ? stop() : begin()));
  range.addEventListener("input", () => { stop(); page.set({ month: Number(range.value) }); });
  document.getElementById("months").replaceChildren(play, range, name);
  return () => {
    range.value = page.month;
    name.textContent = monthName(months[page.month]);
    range.setAttribute("aria-valuetext", monthName(months[page.month]));
  };
}

/** The colour of a balance: towards the bloc that holds more. */
const leaning = (data, look, reach) => (value) => {
  const side = value >= 0 ? data.rivals.more : data.rivals.less;
  return mixed(look.middle, on(look.paper, side.colour), 0.92 * Math.min(Math.abs(value) / reach, 1) ** 0.9);
};

/** The far end of the map's scale, the same for all months. */
function reachOf(measure, holder) {
  let far = 0;
  for (let i = 0; i < measure.lines.shape[1]; i++) for (const value of linesOf(null, measure, holder, i).now[2]) far = Math.max(far, Math.abs(value));
  const { top } = measure.holders[holder], least = Math.max(far, 0.1 * top), each = measure.factor === 1 ? 1 : step(least, 2);
  return Math.min(top, Math.ceil(least / each - 1e-6) * each);
}

/** Builds the map's place once; the function it gives draws a month. */
export function mapPart(page) {
  const { data } = page, holder = document.getElementById("map"), wish = page.looks.map;
  const title = html("h3", {}), when = html("p", { class: "soft" }), drawn = html("div", { class: "drawn" }), list = html("div", {});
  const picks = pickers(page, "map", ["measure", "holder"]);
  const told = html("details", {}, html("summary", {}, "The values as a list"), list);
  const notes = data.land ? mapNotes(data) : "There is no map of this region; the values are in the list.";
  holder.replaceChildren(html("div", { class: "head" }, html("div", {}, title, when)), picks.node, drawn, html("p", { class: "soft note" }, notes), told);
  if (!data.land) told.open = true;
  return () => {
    picks.paint();
    const measure = data.measures[placeOf(data.measures, wish.measure)], place = placeOf(measure.holders, wish.holder);
    const now = data.countries.map((_, i) => linesOf(data, measure, place, i).now), reach = reachOf(measure, place);
    const say = (value) => (measure.both ? signed(value, 100, 2) : figure(value, measure.factor, reach));
    const values = Object.fromEntries(data.countries.map(({ id }, i) => [id, now[i][2][page.month]]));
    const [low, high] = [0, 4].map((k) => data.countries.map((_, i) => say(now[i][k][page.month])));
    title.textContent = labelled(measure, place);
    when.textContent = `${monthName(data.months[page.month])}, median of ${data.runs} histories${measure.both ? `; above 0 ${data.rivals.more.name} holds more, below 0 ${data.rivals.less.name}` : ""}`;
    drawn.replaceChildren(...(data.land ? [drawnMap(page, drawn, { measure, place, values, reach, say, low, high })] : []));
    list.replaceChildren(valueTable(page, say, values, low, high));
  };
}

function mapNotes(data) {
  const apart = data.land.areas.filter((area) => area.apart && area.holder).map(({ name, holder }) => `${name}, counted to ${data.countries[placeOf(data.countries, holder)].short}`);
  return `${apart.length ? `Hatched: ${apart.join("; ")}. ` : ""}${data.land.source[0].toUpperCase()}${data.land.source.slice(1)}.`;
}

function drawnMap(page, room, { measure, place, values, reach, say, low, high }) {
  const { data, look } = page, width = Math.max(250, Math.min(page.widthOf(room), 660));
  const names = Object.fromEntries(data.countries.map(({ id, name }) => [id, name]));
  const lean = measure.both ? { shade: leaning(data, look, reach), middle: "even" } : {};
  const node = map(data.land, {
    look, width, values, reach, names, both: measure.both, picked: page.country, colour: partnerOf(measure, place).colour, figure: say, said: `Map. ${labelled(measure, place)}`, ...lean,
  });
  node.querySelectorAll("path > title").forEach((each) => each.remove());
  const about = (event) => event.target.closest("[data-country]")?.getAttribute("data-country");
  node.addEventListener("pointermove", (event) => {
    const id = about(event), i = data.countries.findIndex((each) => each.id === id);
    if (i < 0) return hide();
    const rows = [{ name: "median", said: say(values[id]) }, { name: "nine tenths", said: `${low[i]} to ${high[i]}` }];
    return show({ head: names[id], rows, foot: monthName(data.months[page.month]) }, event.clientX, event.clientY);
  });
  node.addEventListener("pointerleave", hide);
  node.addEventListener("click", (event) => { const id = about(event); if (id) page.set({ country: id }); });
  return node;
}

function valueTable(page, say, values, low, high) {
  const rows = page.data.countries.map(({ id, name, part_of: parent }, i) => html("tr", { class: parent ? "part" : "" },
    html("th", {}, html("button", { type: "button", class: "plain", "aria-pressed": String(id === page.country), onclick: () => page.set({ country: id }) }, name)),
    html("td", {}, say(values[id])), html("td", {}, `${low[i]} to ${high[i]}`)));
  const heads = ["Country", "Median", "Nine tenths"].map((said) => html("th", {}, said));
  return html("table", { class: "values" }, html("thead", {}, html("tr", {}, ...heads)), html("tbody", {}, ...rows));
}

/** Builds the ladders' place once; the function it gives draws them with the month marked. */
export function ladderPart(page) {
  const { data } = page, holder = document.getElementById("ladder"), clubs = data.institutions.filter((club) => club.outside.length);
  if (!clubs.length) {
    holder.replaceChildren(html("p", { class: "soft" }, "Nobody in this scenario stands outside an institution."));
    return () => {};
  }
  const title = html("h3", {}), drawn = html("div", { class: "drawn" });
  const tabs = clubs.map(({ id, name }) => html("button", { type: "button", onclick: () => page.set({ club: id }) }, name));
  const row = html("div", { class: "tabs", role: "group", "aria-label": "Institution" }, ...tabs);
  holder.replaceChildren(html("div", { class: "head" }, html("div", {}, title, html("p", { class: "soft" }, `Share of ${data.runs} histories by stage, for those outside at the start`))), row, drawn);
  row.hidden = clubs.length < 2;
  return () => {
    const club = clubs[placeOf(clubs, page.club)], place = data.institutions.indexOf(club), kinds = stageKinds(page.look, club);
    tabs.forEach((tab, i) => tab.setAttribute("aria-pressed", String(clubs[i] === club)));
    title.textContent = `The way into ${club.name}`;
    const panels = club.outside.map((id) => {
      const i = placeOf(data.countries, id);
      return { id, name: data.countries[i].name, parts: club.stages.map((_, k) => data.ladder.at(place, i, k)) };
    });
    const made = stacks({ look: page.look, width: Math.max(250, page.widthOf(drawn)), panels, kinds, months: data.months, month: page.month, high: 172, wanted: 220, right: 92, said: title.textContent });
    const tell = (panel, month) => ({
      head: `${panels[panel].name}, ${monthName(data.months[month])}`,
      rows: club.stages.map((name, k) => ({ name, share: panels[panel].parts[k][month], colour: kinds[k].fill })).reverse()
        .filter(({ share }) => share > 0).map(({ name, share, colour }) => ({ name, said: share < 0.005 ? "<1%" : `${Math.round(100 * share)}%`, colour })),
      foot: `of ${data.runs} histories`,
    });
    const settle = (month, panel) => page.set({ month, country: panels[panel].id });
    drawn.replaceChildren(readable(made.node, made.spots, data.months, tell, { at: page.month, picked: settle }));
  };
}
