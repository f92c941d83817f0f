// Country by country: how its course is divided, its tension and who makes it, and when it enters what.

import { html } from "../svg.js";
import { stacks } from "../ribbons.js";
import { on } from "../colours.js";
import { monthName } from "../scales.js";
import { linesOf, placeOf } from "./data.js";
import { readable } from "./hover.js";
import { entryDates, tensionPanel } from "./panels.js";

const percent = (share) => `${Math.round(100 * share)}%`;

/** The top of tension's scale: the quarter above the highest band of any country. */
function ceiling(data, measure) {
  const far = Math.max(...data.countries.map((_, i) => Math.max(...linesOf(data, measure, 0, i).now[4])));
  return Math.min(1, Math.ceil(4 * far + 0.05) / 4);
}

/** The bottom of tension's scale: the lowest that calming parts reach together. */
function bottom(data) {
  const { parts, names } = data.ledgers;
  let low = 0;
  for (let i = 0; i < data.countries.length; i++) {
    for (let month = 0; month < data.months.length; month++) {
      low = Math.min(low, names.reduce((sum, _, k) => sum + Math.min(0, parts.at(i, k)[month]), 0));
    }
  }
  return low;
}

function courseOf(page, at, width) {
  const { data, look } = page, { id } = data.countries[at];
  const kinds = data.sides.map(({ name, colour }) => ({ name, colour })), parts = kinds.map((_, k) => data.course.at(at, k));
  const made = stacks({ look, width, panels: [{ id, name: "", parts }], kinds, months: data.months, month: data.months.length - 1, high: page.narrow ? 170 : 200, wanted: 5000, right: kinds.length > 3 ? 104 : 84, said: `Course of ${data.countries[at].name}, mean share by month` });
  const tell = (_, month) => ({
    head: monthName(data.months[month]),
    rows: kinds.map(({ name, colour }, k) => ({ name, said: percent(parts[k][month]), colour })).reverse(),
    foot: "mean share of the course",
  });
  return readable(made.node, made.spots, data.months, tell);
}

function tensionOf(page, at, width, span) {
  const { data, look } = page, measure = data.measures[placeOf(data.measures, "tension")], lines = linesOf(data, measure, 0, at);
  const ledgers = data.countries[at].leaf ? data.ledgers.names.map((each, k) => ({ ...each, line: data.ledgers.parts.at(at, k) })) : [];
  const made = tensionPanel({ look, width, height: page.narrow ? 160 : 200, months: data.months, span, lines: lines.now, singles: lines.singles, ledgers, changes: data.changes, said: `Tension in ${data.countries[at].name}` });
  const tell = (_, month) => ({
    head: monthName(data.months[month]),
    rows: [
      { name: "median", said: String(Math.round(100 * lines.now[2][month])), colour: look.ink },
      { name: "nine tenths", said: `${Math.round(100 * lines.now[0][month])} to ${Math.round(100 * lines.now[4][month])}` },
      ...ledgers.map(({ name, colour, line }) => ({ name, said: (100 * line[month]).toFixed(1).replace("-", "−"), colour })),
    ],
    foot: ledgers.length ? "parts are means" : "mean of its entities",
  });
  return readable(made.node, [{ edges: made.edges }], data.months, tell);
}

/** Steps of a country on its ladders, as rows of a chart. */
function stepsOf(data, id, width) {
  return data.entries.filter(({ country }) => country === id).map(({ institution, stage, reached, runs, at }) => {
    const club = data.institutions[placeOf(data.institutions, institution)], share = reached / runs;
    const often = reached === 0 ? "in no history" : reached === runs ? "in every history" : `${share < 0.01 ? "<1" : share > 0.99 ? ">99" : Math.round(100 * share)} of 100`;
    const when = at[2] === null ? "" : `, ${width < 300 ? "" : "about "}${monthName(data.months[Math.round(at[2])], true)}`;
    const short = club.name.length <= 16 ? club.name : institution.length <= 4 ? institution.toUpperCase() : institution[0].toUpperCase() + institution.slice(1).replaceAll("_", " ");
    return { title: `${short}: ${stage.length > 4 ? stage[0].toLowerCase() + stage.slice(1) : stage}`, said: often + when, at, colour: club.colour };
  });
}

function entriesOf(page, at, width) {
  const { data, look } = page, { id, name, inside } = data.countries[at], steps = stepsOf(data, id, width);
  if (steps.length) return entryDates({ look, width, steps, months: data.months, said: `Entry dates of ${name}: ${steps.map(({ title, said }) => `${title}, ${said}`).join("; ")}` }).node;
  const said = inside ? `It stands on the ladders of ${inside.slice(3)}.` : "It is inside every institution from the start, or has none to join.";
  return html("p", { class: "soft" }, said);
}

/** Gives the bars of the static tables a shade that can be seen on the paper there is. */
export function bars(page) {
  return () => {
    for (const bar of document.querySelectorAll("rect[data-colour]")) bar.setAttribute("fill", on(page.look.paper, bar.dataset.colour));
  };
}

/** Draws the three charts of every country into their places. */
export function countries(page) {
  const { data } = page, measure = data.measures[placeOf(data.measures, "tension")], span = [bottom(data), ceiling(data, measure)];
  const draw = { course: courseOf, tension: tensionOf, entries: entriesOf };
  return () => {
    for (const card of document.querySelectorAll("[data-country-card]")) {
      const at = data.countries.findIndex(({ id }) => id === card.dataset.countryCard);
      for (const place of card.querySelectorAll("[data-part]")) {
        place.replaceChildren(draw[place.dataset.part](page, at, Math.max(240, page.widthOf(place)), span));
      }
    }
  };
}
