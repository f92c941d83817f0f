// The report comes alive: its numbers are unfolded, its charts drawn, and drawn again when the window, the look or a choice changes.

import { LOOKS } from "../colours.js";
import { opened, placeOf } from "./data.js";
import { hide } from "./hover.js";
import { ladderPart, mapPart, slider } from "./region.js";
import { explorer } from "./explorer.js";
import { bars, countries } from "./countries.js";
import { movers } from "./movers.js";
import { told } from "./told.js";
import { numbers, scenarioFile } from "./numbers.js";

const PRINTED = 690;

/** What is looked at when the report is opened. */
function atFirst(data) {
  const first = data.countries[placeOf(data.countries, data.lead)], tension = data.measures[placeOf(data.measures, "tension")];
  const joined = data.institutions.filter((club) => club.outside.length), map = data.measures[0];
  return {
    data, month: data.months.length - 1, country: first.id, outcome: 0, club: joined.some(({ id }) => id === data.club) ? data.club : joined[0]?.id,
    looks: { map: { measure: map.id, holder: map.holders[0].id }, fan: { measure: tension.id, holder: "", chart: "one", told: false } },
  };
}

/** Opens the report that a page holds. */
export function begin() {
  const dark = matchMedia("(prefers-color-scheme: dark)"), page = atFirst(opened(document.getElementById("data").textContent));
  page.widthOf = (node) => (page.printing ? Number(node.closest("[data-print]")?.dataset.print || PRINTED) : Math.floor(node.getBoundingClientRect().width));
  document.documentElement.dataset.live = "";
  if (innerWidth < 640) document.getElementById("in-words")?.removeAttribute("open");
  page.look = dark.matches ? LOOKS.dark : LOOKS.light;
  page.narrow = innerWidth < 640;
  const month = slider(page);
  const painters = [
    [["month"], month], [["month", "country", "looks"], mapPart(page)], [["month", "club"], ladderPart(page)],
    [["month", "country", "looks"], explorer(page)], [[], countries(page)], [[], bars(page)], [["outcome"], movers(page)], [[], told(page)], [[], numbers(page)],
  ];
  const paint = () => {
    hide();
    page.look = dark.matches && !page.printing ? LOOKS.dark : LOOKS.light;
    page.narrow = innerWidth < 640 && !page.printing;
    for (const [, draw] of painters) draw();
  };
  page.set = (change) => {
    Object.assign(page, change);
    const keys = Object.keys(change);
    for (const [needs, draw] of painters) if (needs.some((need) => keys.includes(need))) draw();
  };
  scenarioFile(page);
  paint();
  let last = innerWidth;
  addEventListener("resize", () => requestAnimationFrame(() => { if (innerWidth !== last && !page.printing) { last = innerWidth; paint(); } }));
  dark.addEventListener("change", paint);
  let closed = [];
  addEventListener("beforeprint", () => {
    page.printing = true;
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const each of closed) each.open = true;
    paint();
  });
  addEventListener("afterprint", () => {
    page.printing = false;
    for (const each of closed) each.open = false;
    paint();
  });
  addEventListener("scroll", hide, { passive: true });
  performance.mark("painted");
}

begin();
