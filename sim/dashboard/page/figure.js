// The large chart: one country's fan with the paired difference under it, all countries side by side, or how each course is divided.

import { html } from "./svg.js";
import { difference, fan, fanBox, fans, nearest } from "./fan.js";
import { stacks } from "./ribbons.js";
import { monthAt } from "./plot.js";
import { unlike } from "./colours.js";
import { evenSpan, figure, monthName, signed, spanOf } from "./scales.js";

/** The measure that is looked at, with its factor, whose it is and the top of its scale. */
export function measureOf(page) {
  const measure = page.scenario.measures.find(({ id }) => id === page.measure) || page.scenario.measures[0];
  const held = measure.holders.find(({ id }) => id === page.holder) || measure.holders[0];
  return { ...measure, held, top: held.top };
}

/** The colour of a measure: that of whose it is, or a plain one. */
export function colourOf(page, look) {
  const { axis, held } = measureOf(page);
  return axis ? held.colour : unlike([...page.scenario.powers.map((power) => power.colour), look.more, look.less]);
}

/** Whether the page shows a change, and not only the baseline. */
export const isCompared = (page) => JSON.stringify(page.frame?.setting || {}) !== JSON.stringify(page.frame?.against || {});

/** What is needed to draw the fan of the picked country. Spans only grow while the view stays, so that nothing jumps. */
export function fanSpec(page, look, width) {
  const { frame, scenario } = page, place = scenario.countries.findIndex(({ id }) => id === page.country);
  const measure = measureOf(page), compared = isCompared(page), { now, base, change, singles } = frame.arrays;
  const picked = page.history && page.history.view === viewKey(page) ? page.history.line[place] : null;
  const values = [...now[place][0], ...now[place][4], ...singles.flatMap((run) => [...run[place]]), ...(picked || [])];
  if (compared) values.push(...base[place][0], ...base[place][4]);
  const key = `${viewKey(page)}/${page.country}`;
  if (page.spans.key !== key) page.spans = { key };
  page.spans.level = spanOf(values, [0, measure.top], 0.12 * measure.top, page.spans.level);
  if (compared) page.spans.change = evenSpan([...change[place][0], ...change[place][4]], 0.02 * measure.top, page.spans.change);
  return {
    width, look, months: scenario.months, factor: measure.factor, month: page.month, changes: scenario.changes, compared, picked,
    colour: colourOf(page, look), span: page.spans.level, now: now[place], base: base[place], singles: singles.map((run) => run[place]),
    change: change[place], pickedName: page.history ? `history ${page.history.run}` : "", againstName: page.againstName, place,
  };
}

export const viewKey = (page) => `${page.scenario.key}/${page.measure}/${page.holder}`;

/** Draws the large chart into its place. `pick` is told what somebody chose by pointing: a month, a run or a country. */
export function paintFigure(page, look, pick) {
  const holder = document.getElementById("picture"), width = Math.max(260, holder.clientWidth);
  const charts = { one: oneCountry, all: allCountries, course: courses };
  holder.replaceChildren(...(charts[page.chart] || oneCountry)(page, look, width, pick));
  holder.toggleAttribute("data-pickable", page.chart === "one");
  const said = words(page);
  document.getElementById("finding").textContent = said.title;
  document.getElementById("reading").textContent = said.subtitle;
  document.getElementById("readout").replaceChildren(...readout(page, page.month));
}

/** Title and subtitle of the large chart. */
export function words(page) {
  const { frame, scenario } = page, measure = measureOf(page);
  const runs = `${frame.runs} ${frame.estimate ? "estimated" : "simulated"} histories`;
  const behind = isCompared(page) ? `; grey, dashed: ${page.againstName}` : "";
  if (page.chart === "course") {
    return { title: "How each country's course is divided", subtitle: `Mean share that each bloc holds and that a country keeps; ${runs}${behind ? `; dashed: ${page.againstName}` : ""}` };
  }
  const shaded = `${measure.label}, ${measure.unit}: ${measure.meaning}. Shaded: middle half and nine tenths of ${runs}`;
  if (page.chart === "all") {
    const whose = measure.held.name;
    return { title: `${measure.label}${whose ? ` (${whose})` : ""}, country by country`, subtitle: `${shaded}${behind}` };
  }
  return { title: frame.titles[page.country] || "", subtitle: `${shaded}; thin: single ones${behind}` };
}

function oneCountry(page, look, width, pick) {
  const spec = fanSpec(page, look, width), narrow = width < 520;
  const levels = { ...spec, height: narrow ? 190 : spec.compared ? 250 : 384, said: `Fan chart. ${words(page).title}` };
  const node = fan(levels);
  follow(node, page, levels, pick);
  const made = [node];
  if (spec.compared) {
    const strip = { ...spec, height: narrow ? 78 : 112, span: page.spans.change, said: `Difference from ${page.againstName}, history by history` };
    if (!narrow) made.push(html("p", { class: "strip" }, `Difference from ${page.againstName}, history by history`));
    const lower = difference(strip);
    follow(lower, page, { ...strip, singles: [] }, pick);
    made.push(lower);
  }
  return made;
}

/** Values under the pointer, and what a press on the chart picks: a single history if one is near, else the month. */
function follow(node, page, spec, pick) {
  const edges = fanBox(spec);
  const place = (event) => {
    const frame = node.getBoundingClientRect(), scale = spec.width / frame.width;
    return [(event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale];
  };
  node.addEventListener("pointermove", (event) => {
    document.getElementById("readout").replaceChildren(...readout(page, monthAt(edges, spec.months, place(event)[0])));
  });
  node.addEventListener("pointerleave", () => document.getElementById("readout").replaceChildren(...readout(page, page.month)));
  node.addEventListener("click", (event) => {
    const [x, y] = place(event), month = monthAt(edges, spec.months, x), near = nearest(spec, x, y, month, 7);
    if (near >= 0 && !page.frame.estimate) pick({ run: page.frame.singles[near] });
    else pick({ month });
  });
}

/** What a month of the picked country's fan says in numbers. */
export function readout(page, month) {
  const { frame, scenario } = page, measure = measureOf(page);
  const place = scenario.countries.findIndex(({ id }) => id === page.country);
  const say = (value) => figure(value, measure.factor, page.spans.level ? page.spans.level[1] - page.spans.level[0] : 1);
  const { now, base, change } = frame.arrays, name = scenario.countries[place].short;
  if (page.chart === "course") {
    const shares = scenario.sides.map(({ name: side }, k) => `${side} ${Math.round(100 * frame.arrays.course[place][k][month])}%`);
    return [`${monthName(scenario.months[month])}, ${name}: ${shares.join(", ")}`];
  }
  const parts = [`${monthName(scenario.months[month])}, ${name}: `, html("b", {}, say(now[place][2][month])), ` (${say(now[place][0][month])} to ${say(now[place][4][month])})`];
  if (isCompared(page)) {
    const far = signed(change[place][2][month], measure.factor, 0.01);
    parts.push(` · ${page.againstName} ${say(base[place][2][month])} (${say(base[place][0][month])} to ${say(base[place][4][month])}) · difference ${far}`);
  }
  return parts;
}

function allCountries(page, look, width, pick) {
  const { frame, scenario } = page, measure = measureOf(page), { now, base } = frame.arrays;
  const compared = isCompared(page), key = `${viewKey(page)}/all`;
  const ends = [...now, ...(compared ? base : [])].flatMap((lines) => [...lines[0], ...lines[4]]);
  if (page.spans.key !== key) page.spans = { key };
  page.spans.level = spanOf(ends, [0, measure.top], 0.2 * measure.top, page.spans.level);
  const panels = scenario.countries.map((country, i) => ({ id: country.id, name: country.short, now: now[i], base: base[i] }));
  const { node, spots } = fans({
    look, width, panels, months: scenario.months, span: page.spans.level, factor: measure.factor, month: page.month, compared,
    colour: colourOf(page, look), said: words(page).title,
  });
  return [pointable(node, spots, width, pick)];
}

function courses(page, look, width, pick) {
  const { scenario, frame } = page, { course, course_base: before } = frame.arrays, compared = isCompared(page);
  const order = sideOrder(scenario, course);
  const kinds = order.map((k) => scenario.sides[k]);
  const leaves = scenario.countries.filter(({ id }) => !scenario.countries.some((other) => other.part_of === id));
  const panels = leaves.map((country) => {
    const i = scenario.countries.indexOf(country);
    return { id: country.id, name: country.short, parts: order.map((k) => course[i][k]), base: compared ? order.map((k) => before[i][k]) : null };
  });
  const { node, spots } = stacks({ look, width, panels, kinds, months: scenario.months, month: page.month, said: words(page).title });
  return [pointable(node, spots, width, pick)];
}

/** Blocs from the smallest to the largest with a country's own course between them. */
function sideOrder(scenario, course) {
  const own = scenario.sides.length - 1;
  const size = (k) => course.reduce((sum, sides) => sum + sides[k].reduce((a, b) => a + b, 0), 0);
  const blocs = scenario.sides.map((_, k) => k).filter((k) => k !== own).sort((a, b) => size(a) - size(b));
  const half = Math.floor(blocs.length / 2);
  return [...blocs.slice(0, half), own, ...blocs.slice(half)];
}

/** A drawing of panels in which pressing a panel picks its country. */
function pointable(node, spots, width, pick) {
  node.addEventListener("click", (event) => {
    const frame = node.getBoundingClientRect(), scale = width / frame.width;
    const x = (event.clientX - frame.left) * scale, y = (event.clientY - frame.top) * scale;
    const found = spots.find((spot) => x >= spot.left && x <= spot.left + spot.width && y >= spot.top && y <= spot.top + spot.height);
    if (found) pick({ country: found.id, chart: "one" });
  });
  return node;
}
