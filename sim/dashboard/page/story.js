// The right column: what changed, in sentences that rewrite themselves, and one history told month by month.

import { drawing, html } from "./svg.js";
import { KINDS, lanes, shape } from "./history.js";
import { isCompared } from "./figure.js";

const TABS = { story: "What changed", history: "One history", saved: "Saved" };

/** The tabs beside the chart. */
export function paintTabs(shown, choose) {
  const buttons = Object.entries(TABS).map(([id, said]) => html("button", {
    type: "button", role: "tab", id: `tab-${id}`, "aria-selected": String(id === shown), "aria-controls": id, tabindex: id === shown ? 0 : -1, onclick: () => choose(id),
  }, said));
  buttons.forEach((button, place) => button.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    choose(Object.keys(TABS)[(place + way + buttons.length) % buttons.length]);
    document.querySelector("#tabs [aria-selected='true']").focus();
  }));
  document.getElementById("tabs").replaceChildren(...buttons);
  for (const id of Object.keys(TABS)) {
    document.getElementById(id).hidden = id !== shown;
    document.getElementById(id).setAttribute("aria-labelledby", `tab-${id}`);
  }
}

/** Writes what changed. `pick` is told what a sentence is about; `move` moves levers for those who have moved none. */
export function paintStory(page, pick, move) {
  const holder = document.getElementById("story"), { frame } = page;
  const compared = isCompared(page);
  const kind = frame.estimate ? "estimate" : "runs";
  const said = frame.estimate ? "estimate" : `${frame.runs} of ${frame.of} histories`;
  const tag = html("span", { class: "tag", "data-kind": kind }, said);
  const head = html("h2", {}, compared ? `What changes against ${page.againstName}` : "The scenario as it is");
  if (!compared) {
    holder.replaceChildren(head, tag, ...unchanged(page, move));
    return;
  }
  const { sentences, moved } = frame.story;
  const list = html("ol", {}, ...sentences.map((each) => sentence(each, pick)));
  const more = sentences.length
    ? `${moved} ${moved === 1 ? "outcome ends" : "outcomes end"} differently beyond chance. ${frame.estimate ? "Estimated from what each lever does alone; the histories follow when the slider rests." : "In brackets: the paired difference with its 95% interval."}`
    : `Nothing ends differently beyond chance in ${frame.runs} paired histories.`;
  const parts = frame.parts[page.country];
  const country = page.scenario.countries.find(({ id }) => id === page.country).name;
  const parted = parts ? [html("p", { class: "more" }, `What the chart shows of ${country} parts from ${page.againstName} in ${parts}.`)] : [];
  const lost = frame.failed ? [html("p", { class: "more" }, `${frame.failed} histories failed and are left out.`)] : [];
  holder.replaceChildren(head, tag, list, html("p", { class: "more" }, more), ...parted, ...lost);
}

function sentence(each, pick) {
  const button = html("button", { type: "button", onclick: () => pick({ measure: each.measure, holder: each.holder, country: each.country, chart: "one" }) }, `${each.words}.`);
  const said = each.interval ? [html("small", {}, each.interval)] : [];
  return html("li", { "data-up": String(each.up) }, button, ...said);
}

/** What stands in the story's place while no lever is moved: an invitation, and a few what-ifs to begin with. */
function unchanged(page, move) {
  const efforts = page.scenario.levers.filter(({ id }) => id.startsWith("effort-")).slice(0, 3);
  const tries = efforts.flatMap((lever) => [
    html("button", { type: "button", onclick: () => move(lever, 0.5) }, `${lever.group}: half the effort`),
    ...(lever === efforts[0] ? [html("button", { type: "button", onclick: () => move(lever, 0) }, `${lever.group}: no effort at all`)] : []),
  ]);
  return [
    html("p", { class: "hint" }, "Move a lever: every history is simulated again with the same luck, and this column says what changed, the largest first."),
    html("div", { class: "tries" }, ...tries),
  ];
}

/** Buttons for the single histories of the fan. */
export function paintSingles(page, pick) {
  const holder = document.getElementById("singles");
  holder.hidden = page.chart !== "one";
  const buttons = page.frame.singles.map((run) => html("button", { type: "button", disabled: page.frame.estimate, "aria-pressed": String(page.run === run), onclick: () => pick({ run: page.run === run ? null : run }) }, String(run)));
  holder.replaceChildren(html("span", {}, "Read one: "), ...buttons);
}

/** Writes one history: loading, failed, or its entries, with its lanes. */
export function paintHistory(page, look, pick) {
  const holder = document.getElementById("history");
  const field = html("input", { type: "number", min: 0, max: page.scenario.runs - 1, step: 1, required: true, value: page.run ?? 0, "aria-label": "Number of the history" });
  const form = html("form", {}, field, html("button", { type: "submit" }, "Read"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    pick({ run: Math.min(page.scenario.runs - 1, Math.max(0, Math.round(Number(field.value) || 0))) });
  });
  const head = html("h2", {}, page.run === null ? "One history" : `History ${page.run} of ${page.scenario.runs}`);
  if (page.run !== null) head.append(html("button", { class: "plain", type: "button", onclick: () => pick({ run: null }) }, "Close"));
  const { history } = page;
  if (page.run === null) {
    holder.replaceChildren(head, html("p", { class: "soft" }, "The median is no history. Pick a thin line in the fan, or a number, to read what happened in one."), form);
  } else if (page.historyFault) {
    holder.replaceChildren(head, form, html("p", { role: "alert" }, `It cannot be told: ${page.historyFault}.`));
  } else if (!history || history.run !== page.run) {
    holder.replaceChildren(head, form, html("p", { class: "soft" }, "Simulating it once more, to take down what happens …"));
  } else holder.replaceChildren(head, form, ...told(page, look));
}

function told(page, look) {
  const { history, scenario } = page;
  if (history.error) return [html("p", {}, `This history failed: ${history.error}.`)];
  if (!history.entries.length) return [html("p", { class: "soft" }, "Nothing notable happens in it.")];
  const items = history.entries.map((entry) => html("li", { "data-now": entry.month === page.month ? "" : null },
    html("span", { class: "when" }, entry.when), entry.words, ...(entry.why ? [html("small", {}, `Because: ${entry.why}`)] : [])));
  const holder = document.getElementById("history");
  const countries = scenario.countries.map(({ id }) => id).filter((id) => history.entries.some((entry) => entry.countries.includes(id)));
  const drawing = lanes({
    look, width: Math.max(260, holder.clientWidth), months: scenario.months, month: page.month, entries: history.entries, names: history.names, countries,
    said: `History ${history.run}, ${history.entries.length} entries by country and month`,
  });
  return [html("div", { class: "lanes" }, drawing, keyOf(history.entries, look)), html("ol", { tabindex: 0, "aria-label": `What happens in history ${history.run}` }, ...items)];
}

function keyOf(entries, look) {
  const kinds = [...new Set(entries.map(({ kind }) => (KINDS[kind] ? kind : "leader")))];
  return html("p", { class: "key" }, ...kinds.map((kind) => {
    const mark = drawing(14, 14, "", "");
    mark.setAttribute("aria-hidden", "true");
    mark.append(shape(KINDS[kind].shape, 7, 7, kind === "accession" ? look.more : kind === "event" ? look.less : look.ink));
    return html("span", {}, mark, KINDS[kind].name);
  }));
}
