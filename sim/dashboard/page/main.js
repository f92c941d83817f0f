// The page: what is looked at, what was asked, and what is painted. The newest question wins; old values fade until it is answered.

import { html } from "./svg.js";
import { LOOKS } from "./colours.js";
import { address, read, written } from "./address.js";
import { ask, frames } from "./wire.js";
import { leverColumn, settingWords } from "./levers.js";
import { measureOf, paintFigure, viewKey } from "./figure.js";
import { monthSlider, paintLadder, paintMap } from "./place.js";
import { paintHistory, paintSingles, paintStory, paintTabs } from "./story.js";
import { fileDialog, paintSaved, paintWrong } from "./shelf.js";
import { source, takeMenu } from "./taking.js";

// A slider has come to rest when it has not moved for so long; a question in flight is overtaken after so long. Milliseconds.
const REST = 160, OVERTAKE = 300;

const $ = (id) => document.getElementById(id);
const page = {
  scenario: null, files: [], file: "", setting: {}, against: {}, againstName: "baseline", measure: "", holder: "", country: "", chart: "one",
  shown: "level", beside: "story", month: 0, run: null, history: null, historyFault: "", saved: [], look: "", frame: null, spans: {}, usual: {},
};
const shows = { setting: () => {}, month: () => {} };
const flight = { control: null, hasty: false, since: 0, next: null, rest: 0, story: null };

const dark = matchMedia("(prefers-color-scheme: dark)");
const look = () => LOOKS[page.look || (dark.matches ? "dark" : "light")];

function told(error) {
  $("alarm").textContent = error.message ? `${error.message[0].toUpperCase()}${error.message.slice(1)}.` : String(error);
  $("alarm").hidden = false;
}

/** Asks for histories: hastily while a slider moves, for all of them once it rests. A hasty question is not cut short by the next. */
async function want(hasty) {
  if (!page.scenario) return;
  clearTimeout(flight.rest);
  if (hasty) flight.rest = setTimeout(() => want(false), REST);
  if (flight.control && flight.hasty && performance.now() - flight.since < OVERTAKE) {
    flight.next = hasty ? "hasty" : "all";
    return;
  }
  flight.control?.abort();
  const mine = new AbortController();
  Object.assign(flight, { control: mine, hasty, since: performance.now(), next: null });
  const asked = { setting: { ...page.setting }, against: { ...page.against } };
  const { frame } = page, same = frame?.estimate && !isOld(frame);
  const body = { key: page.scenario.key, ...asked, view: { measure: page.measure, holder: page.holder }, hasty, has_estimate: Boolean(same) };
  stale();
  $("progress").removeAttribute("data-done");
  $("progress").toggleAttribute("data-busy", true);
  try {
    for await (const frame of frames(body, mine.signal)) {
      if (mine !== flight.control) return;
      if (frame.failed_because) throw new Error(frame.failed_because);
      accept({ ...frame, ...asked, view: viewKey(page) });
    }
  } catch (error) {
    if (error.name !== "AbortError" && mine === flight.control) failed(error);
  }
  if (mine !== flight.control) return;
  flight.control = null;
  if (flight.next) want(flight.next === "hasty");
}

const isOld = (frame) => written(frame.setting) !== written(page.setting) || written(frame.against) !== written(page.against) || frame.view !== viewKey(page);

function accept(frame) {
  if (!frame.runs) return failed(new Error("none of these histories went well"));
  page.frame = frame;
  $("alarm").hidden = true;
  paint();
  const share = frame.estimate ? 0.06 : frame.runs / frame.of;
  const bar = $("progress");
  bar.firstElementChild.style.setProperty("transform", `scaleX(${frame.done ? 1 : share})`);
  bar.toggleAttribute("data-done", frame.done);
  bar.toggleAttribute("data-busy", !frame.done);
  bar.setAttribute("aria-valuenow", Math.round(100 * share));
  if (frame.done) $("told").textContent = [`${frame.runs} histories.`, ...frame.story.sentences.slice(0, 2).map((each) => `${each.words}.`)].join(" ");
  // Marks are for whoever wants to know how quick this is; a few are enough.
  if (performance.getEntriesByName("painted").length > 200) performance.clearMarks("painted");
  performance.mark("painted", { detail: { runs: frame.runs, estimate: frame.estimate, done: frame.done, set: written(frame.setting) } });
}

/** Marks what is painted as old while another answer is on its way. */
function stale() {
  $("page").toggleAttribute("data-stale", Boolean(page.frame && isOld(page.frame)));
}

function failed(error) {
  told(error);
  $("progress").toggleAttribute("data-busy", false);
  if (page.frame) return;
  waiting("This did not work", `${error.message}.`, html("button", { type: "button", onclick: () => want(false) }, "Try again"));
}

function waiting(title, said, ...more) {
  $("picture").replaceChildren(html("div", { class: "waiting", role: "status" }, html("b", {}, title), html("span", {}, said), ...more));
}

/** Paints everything that depends on the numbers. */
function paint() {
  if (!page.frame || page.frame.view !== viewKey(page)) return;
  const now = look();
  stale();
  paintFigure(page, now, pick);
  paintMap(page, now, pick);
  paintLadder(page, now);
  paintSingles(page, pick);
  paintStory(page, pick, (lever, value) => moved(lever, value, false));
  $("source").textContent = `${source(page)} · shares of simulated histories under the scenario's assumptions, not forecasts${page.scenario.land ? ` · ${page.scenario.land.source}` : ""}`;
}

/** Something was chosen: a month, country, measure, chart, run, or how the map shows. */
function pick(chosen) {
  const before = { view: viewKey(page), run: page.run };
  Object.assign(page, chosen);
  if ("run" in chosen && chosen.run !== null) beside("history");
  if ("measure" in chosen && !("holder" in chosen)) page.holder = usualHolder(page.holder);
  if ("measure" in chosen || "holder" in chosen || "country" in chosen || "chart" in chosen) picker();
  shows.month(page.month);
  remember();
  if (viewKey(page) !== before.view) {
    page.history = null;
    want(false);
  } else paint();
  if (page.run !== before.run || viewKey(page) !== before.view) chronicle();
  else if ("month" in chosen) mark();
  else if ("country" in chosen) paintHistory(page, look(), pick);
}

/** What stands beside the chart: the story, one history, or what is saved. */
function beside(tab) {
  page.beside = tab;
  paintTabs(tab, beside);
  if (page.scenario && tab === "history") paintHistory(page, look(), pick);
}

function mark() {
  for (const [i, item] of [...document.querySelectorAll("#history li")].entries()) {
    item.toggleAttribute("data-now", page.history?.entries[i]?.month === page.month);
  }
}

/** A lever was moved, or all were put back. */
function moved(lever, value, pulling) {
  const before = written(page.setting);
  if (!lever) page.setting = {};
  else {
    const { [lever.id]: _, ...rest } = page.setting;
    page.setting = Math.abs(value - lever.default) < 1e-9 ? rest : { ...rest, [lever.id]: value };
  }
  if (pulling && before === written(page.setting)) return;
  resettle();
  want(pulling);
}

/** What follows from another setting, before its histories are there. */
function resettle() {
  page.history = null;
  shows.setting(page.setting, look());
  paintSaved(page, kept);
  remember();
  clearTimeout(flight.story);
  if (page.run !== null) flight.story = setTimeout(chronicle, 600);
}

async function chronicle() {
  page.historyFault = "";
  paintHistory(page, look(), pick);
  if (page.run === null) {
    page.history = null;
    return paint();
  }
  const asked = { key: page.scenario.key, setting: page.setting, run: page.run, view: { measure: page.measure, holder: page.holder } };
  const setting = written(page.setting), view = viewKey(page);
  const isNow = () => asked.run === page.run && setting === written(page.setting) && view === viewKey(page);
  try {
    const history = await ask("/api/chronicle", asked);
    if (isNow()) page.history = { ...history, view };
  } catch (error) {
    if (isNow()) page.historyFault = error.message;
  }
  if (isNow()) {
    paint();
    paintHistory(page, look(), pick);
  }
}

/** Saved settings: keep, show, compare with, forget. */
function kept(act, which) {
  const saved = page.saved[which];
  if (act === "save") page.saved = [...page.saved, { name: which, setting: { ...page.setting } }];
  if (act === "forget") page.saved = page.saved.filter((_, place) => place !== which);
  if (act === "show") page.setting = { ...saved.setting };
  if (act === "compare") Object.assign(page, { against: { ...saved.setting }, againstName: saved.name });
  if (act === "baseline") Object.assign(page, { against: {}, againstName: "baseline" });
  resettle();
  if (["show", "compare", "baseline"].includes(act)) want(false);
}

const remember = () => history.replaceState(null, "", address(page));

function usualHolder(wanted) {
  const ids = measureOf(page).holders.map(({ id }) => id);
  return ids.includes(wanted) ? wanted : ids[0];
}

/** The row of choices over the chart. */
function picker() {
  const { scenario } = page, measure = measureOf(page);
  const choice = (label, options, value, key) => {
    const id = `pick-${key}`, items = options.map((each) => html("option", { value: each.id }, each.name || each.label));
    const select = html("select", { id, onchange: () => pick({ [key]: select.value }) }, ...items);
    select.value = value;
    return html("div", { class: "field" }, html("label", { for: id }, label), select);
  };
  const axes = { power: "Power", institution: "Institution", side: "Side" };
  const tabs = [["one", "One country"], ["all", "All countries"], ["course", "Courses"]].map(([id, said]) =>
    html("button", { type: "button", "aria-pressed": String(page.chart === id), onclick: () => pick({ chart: id }) }, said));
  $("pick").replaceChildren(
    choice("Measure", scenario.measures, page.measure, "measure"),
    ...(measure.axis ? [choice(axes[measure.axis], measure.holders, page.holder, "holder")] : []),
    choice("Country", scenario.countries, page.country, "country"),
    html("div", { class: "tabs", role: "group", "aria-label": "Chart" }, ...tabs));
}

function tools() {
  const names = { "": "Look: as the system", light: "Look: light", dark: "Look: dark" };
  const turn = html("button", { type: "button", onclick: () => {
    const order = ["", "light", "dark"];
    page.look = order[(order.indexOf(page.look) + 1) % 3];
    turn.textContent = names[page.look];
    dress();
    remember();
  } }, names[page.look]);
  $("tools").replaceChildren(html("button", { type: "button", onclick: () => fileDialog(page.files, page.file, open) }, "Open …"), takeMenu(page, told), turn);
}

function dress() {
  document.documentElement.setAttribute("data-look", page.look || "auto");
  shows.setting(page.setting, look());
  paint();
  if (page.scenario) paintHistory(page, look(), pick);
}

/** Opens a scenario file and shows what an address says of it. */
async function open(file, said = {}) {
  flight.control?.abort();
  flight.control = null;
  $("progress").removeAttribute("data-done");
  $("wrong").hidden = true;
  waiting("Reading the scenario", "and simulating the first histories …");
  let found;
  try {
    found = await ask("/api/open", { file });
  } catch (error) {
    return failed(error);
  }
  page.files = found.files;
  if (found.wrong) {
    Object.assign(page, { scenario: null, file: found.wrong.file, frame: null });
    $("page").hidden = true;
    $("title").textContent = found.wrong.file.replace(/^\w+\//, "");
    aboutIt("This file cannot be simulated yet.");
    $("source").textContent = "";
    tools();
    return paintWrong(found.wrong, () => open(found.wrong.file), () => fileDialog(page.files, page.file, open));
  }
  $("page").hidden = false;
  settle(found.scenario, said);
}

function settle(scenario, said) {
  const has = (list, id) => list.some((each) => each.id === id);
  const levers = (given) => Object.fromEntries(Object.entries(given || {}).filter(([id]) => has(scenario.levers, id)).map(([id, value]) => {
    const lever = scenario.levers.find((each) => each.id === id);
    return [id, Math.min(lever.high, Math.max(lever.low, value))];
  }));
  Object.assign(page, {
    scenario, file: scenario.file, frame: null, spans: {}, history: null, historyFault: "", saved: (said.saved || []).map(({ name, setting }) => ({ name, setting: levers(setting) })),
    setting: levers(said.setting), against: levers(said.against), run: said.run < scenario.runs ? said.run : null,
    measure: has(scenario.measures, said.measure) ? said.measure : scenario.measures[0].id,
    country: has(scenario.countries, said.country) ? said.country : scenario.countries[0].id,
    chart: ["one", "all", "course"].includes(said.chart) ? said.chart : "one", shown: said.shown === "change" ? "change" : "level",
    month: Math.min(said.month ?? scenario.months.length - 1, scenario.months.length - 1),
    usual: { file: page.usual.file || scenario.file, measure: scenario.measures[0].id, country: scenario.countries[0].id, chart: "one", shown: "level", month: scenario.months.length - 1 },
  });
  page.holder = usualHolder(said.holder);
  page.againstName = page.saved.find(({ setting }) => written(setting) === written(page.against))?.name || (written(page.against) ? settingWords(scenario.levers, page.against) : "baseline");
  $("title").textContent = scenario.title;
  document.title = `${scenario.title} · Suasion`;
  aboutIt(scenario.note);
  beside(page.run !== null ? "history" : "story");
  shows.setting = leverColumn($("levers"), scenario, moved);
  shows.month = monthSlider($("months"), scenario, (month) => pick({ month }));
  tools();
  picker();
  shows.month(page.month);
  resettle();
  waiting("Simulating", "the first histories of the scenario as it is …");
  paintHistory(page, look(), pick);
  want(false);
}

/** The scenario's note: its first line, and the rest for those who want it. */
function aboutIt(note) {
  const about = $("about"), more = $("more");
  about.textContent = note;
  about.removeAttribute("data-open");
  more.hidden = about.scrollHeight <= about.clientHeight + 2;
  more.onclick = () => {
    more.textContent = about.toggleAttribute("data-open") ? "less" : "more";
    more.setAttribute("aria-expanded", String(about.hasAttribute("data-open")));
  };
}

function start() {
  const said = read(location.hash);
  page.look = ["light", "dark"].includes(said.look) ? said.look : "";
  dress();
  dark.addEventListener("change", dress);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== width) {
      width = innerWidth;
      paint();
      if (page.scenario) paintHistory(page, look(), pick);
    }
  });
  addEventListener("hashchange", () => { const next = read(location.hash); open(next.file || page.usual.file, next); });
  new IntersectionObserver(([seen]) => $("page").toggleAttribute("data-pulling", seen.isIntersecting), { rootMargin: "-420px 0px 0px 0px" }).observe($("levers"));
  open(said.file || "", said);
}

start();
