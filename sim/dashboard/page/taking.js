// Taking away what one sees: the picture as PNG or SVG, its numbers as CSV, and a scenario file that makes the same histories.

import { html } from "./svg.js";
import { LOOKS } from "./colours.js";
import { difference, fan, fans } from "./fan.js";
import { stacks } from "./ribbons.js";
import { csvFile, handOver, pngFile, sheet, svgFile } from "./keep.js";
import { colourOf, fanSpec, isCompared, measureOf, words } from "./figure.js";
import { settingWords } from "./levers.js";
import { el } from "./svg.js";
import { ask } from "./wire.js";

const WIDTH = 1000;

/** The menu of files. `told` is given what went wrong, if something did. */
export function takeMenu(page, told) {
  const menu = html("details", { class: "menu" }, html("summary", { class: "button" }, "Take away"));
  const item = (said, act) => html("button", {
    type: "button", onclick: async () => {
      menu.open = false;
      try {
        if (page.frame || act === yaml) await act(page);
      } catch (error) {
        told(error);
      }
    },
  }, said);
  menu.append(html("div", {}, item("Picture, PNG", png), item("Picture, SVG", svg), item("Numbers, CSV", csv), item("Scenario file, YAML", yaml), item("Address of this view", link)));
  menu.addEventListener("keydown", (event) => { if (event.key === "Escape") { menu.open = false; menu.querySelector("summary").focus(); } });
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  return menu;
}

const fileName = (page, ending) => `${page.file.replace(/^\w+\//, "").replace(/\.ya?ml$/, "")}-${page.chart === "course" ? "course" : `${page.measure}-${page.country}`}.${ending}`;

/** The large chart anew, on light paper and of one width, with its title and its source. */
export function picture(page) {
  const look = LOOKS.light, said = words(page), parts = drawn(page, look);
  const height = parts.reduce((sum, part) => sum + Number(part.getAttribute("height")) + 8, 0);
  const whole = el("svg", { width: WIDTH, height });
  let y = 0;
  for (const part of parts) {
    part.setAttribute("y", y);
    whole.append(part);
    y += Number(part.getAttribute("height")) + 8;
  }
  return sheet(whole, { ...said, look, foot: source(page) });
}

function drawn(page, look) {
  const spans = page.spans;
  const spec = fanSpec(page, look, WIDTH);
  if (page.chart === "one") {
    const made = [fan({ ...spec, height: 420, said: "" })];
    if (spec.compared) made.push(difference({ ...spec, height: 150, span: page.spans.change, said: "" }));
    page.spans = spans;
    return made;
  }
  page.spans = spans;
  const { scenario, frame } = page, { now, base, course, course_base: before } = frame.arrays, compared = isCompared(page);
  const common = { look, width: WIDTH, months: scenario.months, month: page.month, said: "" };
  if (page.chart === "all") {
    const panels = scenario.countries.map((country, i) => ({ id: country.id, name: country.short, now: now[i], base: base[i] }));
    return [fans({ ...common, panels, span: spans.level, factor: measureOf(page).factor, compared, colour: colourOf(page, look) }).node];
  }
  const panels = scenario.countries.map((country, i) => ({ id: country.id, name: country.short, parts: course[i], base: compared ? before[i] : null }));
  return [stacks({ ...common, panels, kinds: scenario.sides }).node];
}

/** Where a picture comes from. */
export function source(page) {
  const { scenario, frame } = page;
  const levers = Object.keys(page.frame.setting).length ? ` · ${settingWords(scenario.levers, page.frame.setting)}` : "";
  return `${scenario.title}${levers} · ${frame.runs} ${frame.estimate ? "estimated runs" : "runs"} · seed ${scenario.seed} · suasion ${scenario.version}`;
}

const svg = (page) => handOver(svgFile(picture(page)), fileName(page, "svg"));
const png = async (page) => handOver(await pngFile(picture(page)), fileName(page, "png"));

/** The numbers of the large chart: a row a country and month; ids stand for names. */
export function rows(page) {
  const { scenario, frame } = page, cuts = ["q05", "q25", "q50", "q75", "q95"], { now, base, change, course, course_base: before } = frame.arrays;
  if (page.chart === "course") {
    const head = ["country", "side", "month", "share", "share_compared"];
    return [head, ...scenario.countries.flatMap(({ id }, i) => scenario.sides.flatMap((side, k) => scenario.months.map((month, m) => [id, side.id, month, course[i][k][m], before[i][k][m]])))];
  }
  const head = ["measure", "holder", "country", "month", ...cuts, ...cuts.map((cut) => `compared_${cut}`), ...cuts.map((cut) => `difference_${cut}`), "kind", "runs"];
  const kind = frame.estimate ? "estimate" : "simulated";
  const shown = page.chart === "all" ? scenario.countries : scenario.countries.filter(({ id }) => id === page.country);
  return [head, ...shown.flatMap(({ id }) => {
    const i = scenario.countries.findIndex((country) => country.id === id);
    return scenario.months.map((month, m) => [page.measure, page.holder, id, month, ...[now, base, change].flatMap((lines) => cuts.map((_, c) => lines[i][c][m])), kind, frame.runs]);
  })];
}

const csv = (page) => handOver(csvFile(rows(page)), fileName(page, "csv"));

async function yaml(page) {
  const { yaml: text } = await ask("/api/yaml", { key: page.scenario.key, setting: page.setting });
  handOver(new Blob([text], { type: "application/yaml" }), `${page.file.replace(/^\w+\//, "").replace(/\.ya?ml$/, "")}-changed.yaml`);
}

async function link() {
  await navigator.clipboard.writeText(location.href);
}
