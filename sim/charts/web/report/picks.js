// What is looked at: choices of country, measure and whose it is, kept in step with the page.

import { html } from "../svg.js";
import { placeOf } from "./data.js";

const WHOSE = { side: "Held by", power: "Power", institution: "Institution" };

/** Who holds a measure, by place. */
export const partnerOf = (measure, place) => measure.holders[place] || measure.holders[0];

/** A measure with whoever holds it. */
export function labelled(measure, place) {
  const { name } = partnerOf(measure, place);
  return name ? `${measure.label}: ${name}` : measure.label;
}

function choice(name, options, value, chosen) {
  const list = html("select", {}, ...options.map(({ id, said }) => html("option", { value: id }, said)));
  list.value = value;
  list.addEventListener("change", () => chosen(list.value));
  return html("label", { class: "field" }, name, list);
}

/** Choices for one part of the page (`page.looks[part]`), and a function that brings them up to date. */
export function pickers(page, part, kinds) {
  const { data } = page, wish = page.looks[part], node = html("div", { class: "picks" });
  const paint = () => {
    const measure = data.measures[placeOf(data.measures, wish.measure)], fields = [];
    if (kinds.includes("country")) {
      const options = data.countries.map(({ id, name, part_of: parent }) => ({ id, said: parent ? `\u2003${name}` : name }));
      fields.push(choice("Country", options, page.country, (country) => page.set({ country })));
    }
    const measures = data.measures.map(({ id, label }) => ({ id, said: label }));
    fields.push(choice("Measure", measures, measure.id, (id) => {
      const next = data.measures[placeOf(data.measures, id)], kept = next.holders.some((holder) => holder.id === wish.holder);
      Object.assign(wish, { measure: id, holder: kept ? wish.holder : next.holders[0].id });
      page.set({ looks: page.looks });
    }));
    if (measure.holders.length > 1) {
      const options = measure.holders.map(({ id, name }) => ({ id, said: name }));
      fields.push(choice(WHOSE[measure.axis] || "Whose", options, partnerOf(measure, placeOf(measure.holders, wish.holder)).id, (id) => {
        wish.holder = id;
        page.set({ looks: page.looks });
      }));
    }
    const key = JSON.stringify([measure.id, kinds.includes("country") && page.country, wish.holder]);
    if (node.dataset.key === key) return;
    const at = [...node.querySelectorAll("select")].indexOf(document.activeElement);
    node.dataset.key = key;
    node.replaceChildren(...fields);
    if (at >= 0) node.querySelectorAll("select")[Math.min(at, fields.length - 1)].focus();
  };
  return { node, paint };
}
