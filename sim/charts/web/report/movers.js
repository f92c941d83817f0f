// What went with an outcome: a line from the third of the histories that drew a number lowest to the third that drew it highest.

import { html } from "../svg.js";
import { dumbbell, dumbbellAxis } from "./panels.js";

const rounded = (value, digits = Math.abs(value) >= 9.95 ? 0 : 1) => value.toFixed(digits).replace("-", "−");
const change = (value, digits) => `${value > 0 ? "+" : ""}${rounded(value, digits)}`;

/** Builds the list of outcomes once; the function it gives draws the numbers that the chosen one goes with. */
export function movers(page) {
  const holder = document.getElementById("movers"), { moved } = page.data;
  if (!holder || !moved.length) return () => {};
  const list = html("select", { "aria-label": "Outcome" }, ...moved.map(({ label }, i) => html("option", { value: i }, label)));
  const rows = html("ol", { class: "movers" }), scale = html("p", { class: "soft" });
  list.addEventListener("change", () => page.set({ outcome: Number(list.value) }));
  list.value = page.outcome;
  holder.replaceChildren(html("div", { class: "picks" }, html("label", { class: "field" }, "Outcome", list)), scale, rows);
  return () => {
    const outcome = moved[page.outcome], ends = outcome.rows.flatMap(({ ends: [low, high] }) => [low, high]);
    const span = [Math.min(...ends, outcome.mean), Math.max(...ends, outcome.mean)], digits = outcome.unit === "stages" ? 2 : span[1] - span[0] < 3 ? 1 : 0;
    const width = page.narrow || page.printing ? 230 : 380, axis = dumbbellAxis({ look: page.look, width, span, mean: outcome.mean, digits });
    list.value = page.outcome;
    scale.textContent = `Open ring: mean of the third of the histories in which the number was drawn lowest; full dot: highest. At the right: how much higher or lower, with its 95% interval. A press shows what a number rests on.`;
    const top = html("li", { class: "axis", "aria-hidden": "true" }, html("small", {}, `outcome, ${outcome.unit}`), axis, html("span", {}));
    rows.replaceChildren(top, ...outcome.rows.map((row) => {
      const [low, high, by, least, most] = row.ends, said = `${row.words}: ${rounded(low, digits || 1)} where low, ${rounded(high, digits || 1)} ${outcome.unit} where high`;
      const node = dumbbell({ look: page.look, width, low, high, mean: outcome.mean, span, said });
      const words = html("span", { class: "what" }, html("b", {}, row.words), html("small", {}, `${row.path} rests on ${row.support}`));
      const figures = html("span", { class: "figures" }, html("b", {}, change(by, digits || 1)), html("small", {}, `${change(least, digits || 1)} to ${change(most, digits || 1)}`));
      return html("li", {}, html("button", { type: "button", "aria-label": `${said}; what it rests on`, onclick: () => page.point(row.path) }, words, node, figures));
    }));
  };
}
