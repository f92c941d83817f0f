// Under the large chart: the map of a month with its list, the ladders of the picked country, and the month slider with play.

import { html } from "./svg.js";
import { map } from "./land.js";
import { stacks, stageKinds } from "./ribbons.js";
import { figure, monthName, signed, step } from "./scales.js";
import { colourOf, isCompared, measureOf } from "./figure.js";

const BEAT = 160;

/** The month slider. `moved` is told the month. Gives a function that shows a month. */
export function monthSlider(holder, scenario, moved) {
  const last = scenario.months.length - 1;
  const range = html("input", { type: "range", min: 0, max: last, step: 1, id: "month", "aria-label": "Month" });
  const name = html("output", { for: "month" });
  const play = html("button", { type: "button", "aria-pressed": "false" }, "Play");
  let clock = null;
  const stop = () => {
    clearInterval(clock);
    clock = null;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  };
  play.addEventListener("click", () => {
    if (clock) return stop();
    let at = Number(range.value) >= last ? 0 : Number(range.value);
    play.textContent = "Stop";
    play.setAttribute("aria-pressed", "true");
    clock = setInterval(() => {
      moved(at);
      if (at >= last) stop();
      at += 1;
    }, BEAT);
  });
  range.addEventListener("input", () => { stop(); moved(Number(range.value)); });
  holder.replaceChildren(play, range, name);
  return (month) => {
    range.value = month;
    name.textContent = monthName(scenario.months[month]);
    range.setAttribute("aria-valuetext", monthName(scenario.months[month]));
  };
}

/** Values of the month by country: levels, or changes from what they are compared with. */
function monthly(page) {
  const { now, change } = page.frame.arrays, both = page.shown === "change" && isCompared(page);
  const lines = both ? change : now, values = {}, lows = {}, highs = {};
  page.scenario.countries.forEach(({ id }, i) => {
    values[id] = lines[i][2][page.month];
    lows[id] = lines[i][0][page.month];
    highs[id] = lines[i][4][page.month];
  });
  return { values, lows, highs, both };
}

/** The far end of the map's scale: the same for all months, so that colours can be compared while it plays. */
function reachOf(page, both) {
  const { now, base, change } = page.frame.arrays, measure = measureOf(page);
  const lines = both ? change : [...now, ...(isCompared(page) ? base : [])];
  let far = 0;
  for (const line of lines) for (const value of line[2]) far = Math.max(far, Math.abs(value));
  const least = both ? 0.02 * measure.top : 0.1 * measure.top;
  const each = step(Math.max(far, least), 2);
  return both ? Math.ceil(Math.max(far, least) / each - 1e-6) * each : Math.min(measure.top, Math.ceil(Math.max(far, least) / (0.1 * measure.top) - 1e-6) * 0.1 * measure.top);
}

/** Draws the map of the month, or the list alone where there is no map. */
export function paintMap(page, look, pick) {
  const holder = document.getElementById("map"), measure = measureOf(page), { scenario } = page;
  const found = monthly(page), reach = reachOf(page, found.both);
  const say = (value) => (found.both ? signed(value, measure.factor, reach) : figure(value, measure.factor, reach));
  const names = Object.fromEntries(scenario.countries.map(({ id, name }) => [id, name]));
  const whose = measure.held.name;
  const title = `${found.both ? "Change of " : ""}${found.both ? measure.label.toLowerCase() : measure.label}${whose ? ` (${whose})` : ""}`;
  const when = html("p", { class: "soft" }, `${monthName(scenario.months[page.month])}, median`);
  const head = html("div", { class: "head" }, html("div", {}, html("h3", { id: "map-title" }, title), when));
  if (isCompared(page)) {
    head.append(html("button", { type: "button", "aria-pressed": String(found.both), onclick: () => pick({ shown: found.both ? "level" : "change" }) }, "Show change"));
  }
  const drawn = html("div", { class: "drawn" });
  const open = holder.querySelector("details") ? holder.querySelector("details").open : !scenario.land;
  if (scenario.land) {
    const width = Math.max(250, Math.min(holder.clientWidth, 620));
    const node = map(scenario.land, {
      look, width, ...found, reach, names, picked: page.country, colour: colourOf(page, look), figure: say, said: `Map. ${title}`,
    });
    node.addEventListener("click", (event) => {
      const country = event.target.closest("[data-country]")?.getAttribute("data-country");
      if (country) pick({ country });
    });
    drawn.append(node);
  } else drawn.append(html("p", { class: "soft" }, "There is no map of this region; the values are listed."));
  holder.replaceChildren(head, drawn, list(page, found, say, pick, open));
}

/** The values of the map as a table. */
function list(page, { values, lows, highs }, say, pick, open) {
  const rows = page.scenario.countries.map(({ id, name, part_of: parent }) => html("tr", { class: parent ? "part" : "" },
    html("th", {}, html("button", { type: "button", onclick: () => pick({ country: id }) }, name)),
    html("td", {}, say(values[id])), html("td", {}, `${say(lows[id])} to ${say(highs[id])}`)));
  const heads = ["Country", "Median", "Nine tenths"].map((said) => html("th", {}, said));
  const table = html("table", {}, html("thead", {}, html("tr", {}, ...heads)), html("tbody", {}, ...rows));
  const made = html("details", {}, html("summary", {}, "Values as a list"), table);
  made.open = open;
  return made;
}

/** Draws the ladders of the picked country, an institution a panel; an entity shows those of its country. */
export function paintLadder(page, look) {
  const holder = document.getElementById("ladder"), { scenario, frame } = page;
  const picked = scenario.countries.find(({ id }) => id === page.country);
  const country = scenario.countries.find(({ id }) => id === (picked.part_of || picked.id));
  const place = scenario.countries.indexOf(country), compared = isCompared(page), { ladder, ladder_base: before } = frame.arrays;
  const outside = scenario.institutions.filter((club) => club.outside.includes(country.id));
  const title = html("h3", { id: "ladder-title" }, `The way in: ${country.name}`);
  const said = compared ? `Share of histories by stage; dashed: ${page.againstName}` : "Share of histories by stage";
  const head = html("div", { class: "head" }, html("div", {}, title, html("p", { class: "soft" }, said)));
  const drawn = html("div", { class: "drawn" });
  if (!scenario.institutions.length) drawn.append(html("p", { class: "soft" }, "This scenario has no institutions to join."));
  else if (!outside.length) drawn.append(html("p", { class: "soft" }, `${country.name} is inside every institution from the start.`));
  else {
    const panels = outside.map((club) => {
      const i = scenario.institutions.indexOf(club), pick = (array) => club.stages.map((_, k) => array[i][place][k]);
      return { id: club.id, name: club.name, kinds: stageKinds(look, club), parts: pick(ladder), base: compared ? pick(before) : null };
    });
    const width = Math.max(250, holder.clientWidth);
    drawn.append(stacks({ look, width, panels, months: scenario.months, month: page.month, said: `${title.textContent}, share of histories by stage`, wanted: 900, right: 132, high: 190 }).node);
  }
  holder.replaceChildren(head, drawn);
}
