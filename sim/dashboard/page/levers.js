// The left column: sliders in groups, each with its default mark, a sentence of what it is, its value in words and a reset.

import { html } from "./svg.js";
import { on } from "./colours.js";

const UNITS = {
  times: (value) => (value === 0 ? "none" : value === 1 ? "as it is" : value === 2 ? "doubled" : value === 0.5 ? "halved" : `× ${Number(value.toFixed(2))}`),
  share: (value) => `${Math.round(100 * value)}%`,
  "dollars a barrel": (value) => `$${Math.round(value)}`,
  "more or less": (value) => (value === 0 ? "as it is" : `${value > 0 ? "+" : "−"}${Math.abs(Math.round(100 * value))} points`),
  leaning: (value) => (value === 0 ? "as it is" : `${value > 0 ? "+" : "−"}${Math.abs(value).toFixed(1)}`),
};

/** A lever's value in words. */
export const spoken = (lever, value) => (UNITS[lever.unit] || String)(value);

/** A setting in words: what is moved, and where to. */
export function settingWords(levers, setting) {
  const said = levers.filter(({ id }) => id in setting).map((lever) => `${lever.group}, ${lever.name.toLowerCase()}: ${spoken(lever, setting[lever.id])}`);
  return said.length ? said.join("; ") : "no lever moved";
}

/** Fills the column. `moved` is told (lever, value, whether it is still being pulled). Gives a function that shows a setting in a look. */
export function leverColumn(holder, scenario, moved) {
  const shown = new Map(), headings = [];
  const reset = html("button", { class: "plain", type: "button", onclick: () => moved(null, null, false) }, "Reset all");
  holder.replaceChildren(html("div", { class: "head" }, html("h2", {}, "Levers"), reset),
    html("p", { class: "meaning" }, "Where you put a lever, it has always stood, in every history."));
  const groups = Map.groupBy ? Map.groupBy(scenario.levers, ({ group }) => group) : grouped(scenario.levers);
  for (const [group, levers] of groups) {
    const heading = html("h3", {}, group);
    const power = scenario.powers.find(({ name }) => name === group);
    if (power) headings.push([heading, power.colour]);
    holder.append(heading, ...levers.filter(({ detail }) => !detail).map((lever) => slider(lever, moved, shown)));
    const details = levers.filter(({ detail }) => detail);
    if (details.length) holder.append(html("details", {}, html("summary", {}, `${details.length} channels`), ...details.map((lever) => slider(lever, moved, shown))));
  }
  return (setting, look) => {
    for (const [heading, colour] of headings) heading.style.setProperty("--mark", on(look.paper, colour));
    reset.hidden = !Object.keys(setting).length;
    for (const [id, show] of shown) show(setting[id]);
    for (const each of holder.querySelectorAll("details")) if (each.querySelector("[data-moved]")) each.open = true;
  };
}

function grouped(levers) {
  const groups = new Map();
  for (const lever of levers) groups.set(lever.group, [...(groups.get(lever.group) || []), lever]);
  return groups;
}

function slider(lever, moved, shown) {
  const id = `lever-${lever.id}`, means = `${id}-means`;
  const range = html("input", { type: "range", id, min: lever.low, max: lever.high, step: lever.step, "aria-describedby": means });
  range.step = "any";
  const value = html("output", { for: id });
  const back = html("button", { class: "plain", type: "button", "aria-label": `Reset ${lever.group}, ${lever.name}`, title: "Reset" }, "↺");
  const mark = html("i", { "aria-hidden": "true" });
  const share = (lever.default - lever.low) / (lever.high - lever.low);
  mark.style.setProperty("left", `calc(8px + ${share} * (100% - 16px) - 1px)`);
  const box = html("div", { class: "lever" },
    html("div", { class: "name" }, html("label", { for: id }, lever.name), value, back),
    html("div", { class: "slide" }, mark, range),
    html("p", { class: "meaning", id: means }, lever.meaning));
  const read = () => snapped(lever, Number(range.value));
  range.addEventListener("input", () => moved(lever, read(), true));
  range.addEventListener("change", () => moved(lever, read(), false));
  range.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 4, PageDown: -4 }[event.key];
    if (!way) return;
    event.preventDefault();
    const next = Math.min(lever.high, Math.max(lever.low, read() + way * lever.step * (lever.unit === "times" ? 2 : 1)));
    moved(lever, snapped(lever, next), true);
  });
  back.addEventListener("click", () => { moved(lever, lever.default, false); range.focus(); });
  shown.set(lever.id, (given) => {
    const at = given === undefined ? lever.default : given;
    if (Math.abs(Number(range.value) - at) > 1e-9) range.value = at;
    value.textContent = spoken(lever, at);
    range.setAttribute("aria-valuetext", spoken(lever, at));
    box.toggleAttribute("data-moved", given !== undefined);
    back.hidden = given === undefined;
  });
  return box;
}

/** A value on the lever's steps; near its default it is the default. */
export function snapped(lever, value) {
  if (Math.abs(value - lever.default) < 0.6 * lever.step) return lever.default;
  const steps = Math.round((value - lever.low) / lever.step);
  return Math.min(lever.high, Number((lever.low + steps * lever.step).toPrecision(10)));
}
