// Things kept at hand: the scenario files that can be opened, what is wrong with one, and saved settings to go back to or compare with.

import { html } from "./svg.js";
import { settingWords } from "./levers.js";

const FOLDERS = { here: "In this folder", shipped: "With the program" };

/** Shows the files that can be opened. `open` is told which. */
export function fileDialog(files, current, open) {
  const dialog = document.getElementById("files");
  const close = html("button", { type: "button", class: "close", onclick: () => dialog.close() }, "Close");
  const parts = [close, html("h2", { id: "files-title" }, "Open a scenario")];
  for (const [folder, name] of Object.entries(FOLDERS)) {
    const own = files.filter((file) => file.startsWith(`${folder}/`));
    if (!own.length) continue;
    const items = own.map((file) => html("li", {}, html("button", {
      type: "button", "aria-current": file === current ? "true" : null, onclick: () => { dialog.close(); open(file); },
    }, file.slice(folder.length + 1) + (file === current ? " (open)" : ""))));
    parts.push(html("h3", {}, name), html("ul", {}, ...items));
  }
  if (parts.length === 2) parts.push(html("p", { class: "soft" }, "There is no scenario file here."));
  dialog.replaceChildren(...parts);
  dialog.showModal();
}

/** Shows what is wrong with a file, fault by fault, each with its line. */
export function paintWrong(wrong, again, choose) {
  const holder = document.getElementById("wrong");
  const many = wrong.faults.length + wrong.more;
  const title = html("h2", {}, `${wrong.file.replace(/^\w+\//, "")} has ${many} ${many === 1 ? "fault" : "faults"}`);
  const rows = wrong.faults.map((fault) => html("tr", {},
    html("td", { class: "place" }, fault.line ? `${fault.line}:${fault.column}` : "–"),
    html("td", {}, html("code", {}, fault.path || fault.file)),
    html("td", {}, `${fault.message} `, html("span", { class: "soft" }, `[${fault.code}]`))));
  const heads = ["Line", "Where", "What is wrong"].map((said) => html("th", {}, said));
  const table = html("table", {}, html("thead", {}, html("tr", {}, ...heads)), html("tbody", {}, ...rows));
  const more = wrong.more ? [html("p", { class: "soft" }, `and ${wrong.more} more`)] : [];
  const row = html("div", { class: "row" },
    html("button", { type: "button", onclick: again }, "Read it again"), html("button", { type: "button", onclick: choose }, "Open another"));
  holder.replaceChildren(title, html("p", { class: "soft" }, "Mend the file in your editor and read it again; nothing was simulated."), table, ...more, row);
  holder.hidden = false;
}

/** Saved settings: save this one, go back to one, compare with one, forget one. `act` is told what to do with which. */
export function paintSaved(page, act) {
  const holder = document.getElementById("saved"), levers = page.scenario.levers;
  const field = html("input", { type: "text", maxLength: 40, placeholder: `Setting ${page.saved.length + 1}`, "aria-label": "Name of the setting to save" });
  const form = html("form", {}, field, html("button", { type: "submit" }, "Save this setting"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act("save", field.value.trim().replaceAll("~", "-") || `Setting ${page.saved.length + 1}`);
  });
  const same = (one, other) => JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
  const button = (said, what, place, pressed) => html("button", { type: "button", "aria-pressed": pressed === undefined ? null : String(pressed), onclick: () => act(what, place) }, said);
  const items = page.saved.map(({ name, setting }, place) => html("li", {}, html("b", {}, name), html("small", {}, settingWords(levers, setting)),
    html("div", {}, button("Show", "show", place, same(setting, page.setting)), button("Compare with", "compare", place, same(setting, page.against)), button("Forget", "forget", place))));
  const against = Object.keys(page.against).length
    ? [html("p", { class: "soft" }, `Compared with: ${page.againstName}. `, html("button", { class: "plain", type: "button", onclick: () => act("baseline") }, "Compare with the baseline"))] : [];
  const empty = items.length ? [] : [html("p", { class: "soft" }, "Keep a setting here to come back to it, or to compare another with it. The page's address keeps them.")];
  holder.replaceChildren(html("h2", {}, "Saved settings"), ...empty, html("ul", {}, ...items), ...against, form);
}
