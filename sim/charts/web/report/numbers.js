// Every number of the scenario in a table one can search: its value, its range, and what stands behind it when one points at it.

import { html } from "../svg.js";
import { handOver } from "../keep.js";

const FIRST = 25;

const plain = (value) => (value === null ? "no bound" : String(value).replace("-", "−"));

/** A number's range, or that it is the same in all histories. */
const range = (low, high) => (low === high ? "the same in all" : `${plain(low)} to ${plain(high)}`);

/** What stands behind one number: the words of its author, and what the lines it cites say. */
function behind(data, [, , , , , , cited, words]) {
  const parts = words ? [html("p", {}, words)] : [];
  for (const reference of cited.split(" ").filter(Boolean)) {
    const told = (data.says[reference] || []).map(([id, says, sure]) => html("li", {}, html("b", {}, id), ` ${says} `, html("em", {}, `(${sure})`)));
    const document = data.documents[reference[0]];
    parts.push(html("p", { class: "soft" }, `Lines ${reference}${document ? ` of ${document}` : ""}`), html("ul", {}, ...told));
  }
  return parts.length ? parts : [html("p", {}, "Nothing is stated for it.")];
}

function rowOf(data, row, open) {
  const [path, value, low, high, unit, kind, , , changed] = row;
  const words = html("td", { class: "why" }), button = html("button", { type: "button", class: "plain", "aria-expanded": "false" }, path);
  const toggle = () => {
    const wanted = button.getAttribute("aria-expanded") === "false";
    button.setAttribute("aria-expanded", String(wanted));
    words.replaceChildren(html("span", {}, data.kinds[kind]), ...(wanted ? behind(data, row) : []));
  };
  button.addEventListener("click", toggle);
  words.replaceChildren(html("span", {}, data.kinds[kind]));
  if (open) toggle();
  const said = html("td", { class: "value" }, plain(value), ...(changed ? [html("small", {}, ` here ${changed}`)] : []));
  return html("tr", {}, html("th", { scope: "row" }, button), said, html("td", {}, range(low, high)), html("td", { class: "unit" }, unit), words);
}

/** Builds the table with its search; `page.point(path)` shows one number. */
export function numbers(page) {
  const data = page.data.numbers, holder = document.getElementById("numbers");
  const search = html("input", { type: "search", placeholder: "serbia, tension, B61, World Bank ...", "aria-label": "Search the numbers" });
  const sections = [...new Set(data.rows.map(([path]) => path.split(".")[0]))];
  const group = html("select", { "aria-label": "Part of the scenario" }, html("option", { value: "" }, "every part"), ...sections.map((id) => html("option", { value: id }, id)));
  const kind = html("select", { "aria-label": "What it rests on" }, html("option", { value: "" }, "any support"), ...data.kinds.map((said, i) => html("option", { value: i }, said)));
  const body = html("tbody", {}), counted = html("p", { class: "soft", role: "status" }), more = html("button", { type: "button" }, "Show more");
  const heads = ["Number", "Value", "Drawn from", "Unit", "Rests on"].map((said) => html("th", { scope: "col" }, said));
  const first = innerWidth < 640 ? 8 : FIRST;
  let most = first;
  const texts = data.rows.map((row) => `${row[0]} ${row[6]} ${row[7]}`.toLowerCase());
  const paint = () => {
    const asked = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const exact = data.rows.find(([path]) => path === search.value.trim());
    const found = exact ? [exact] : data.rows.filter((row, i) => (!group.value || row[0].startsWith(`${group.value}.`)) && (kind.value === "" || row[5] === Number(kind.value)) && asked.every((word) => texts[i].includes(word)));
    body.replaceChildren(...found.slice(0, most).map((row) => rowOf(data, row, found.length === 1)));
    more.hidden = found.length <= most;
    counted.textContent = `${found.length.toLocaleString("en")} of ${data.rows.length.toLocaleString("en")} numbers${data.left_out ? `; ${data.left_out} more are in manifest.json` : ""}`;
  };
  const again = () => { most = first; paint(); };
  search.addEventListener("input", again);
  group.addEventListener("change", again);
  kind.addEventListener("change", again);
  more.addEventListener("click", () => { most += 100; paint(); });
  holder.replaceChildren(
    html("div", { class: "picks" }, html("label", { class: "field wide" }, "Search", search), html("label", { class: "field" }, "Part", group), html("label", { class: "field" }, "Rests on", kind)),
    counted, html("table", { class: "numbers" }, html("thead", {}, html("tr", {}, ...heads)), body), more,
  );
  page.point = (path) => {
    [search.value, group.value, kind.value] = [path, "", ""];
    again();
    holder.scrollIntoView({ block: "start" });
    search.focus({ preventScroll: true });
  };
  for (const link of document.querySelectorAll("[data-number]")) link.addEventListener("click", () => page.point(link.dataset.number));
  paint();
  return () => {};
}

/** Makes the button that hands over the scenario as it was run. */
export function scenarioFile(page) {
  const button = document.getElementById("scenario-file"), source = document.getElementById("scenario");
  if (!button || !source) return;
  button.hidden = false;
  button.addEventListener("click", () => handOver(new Blob([source.textContent], { type: "text/plain;charset=utf-8" }), button.dataset.name));
}
