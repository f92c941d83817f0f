// Everything one sees has an address: the part of the page's address after # says file, levers, view, month and what is saved.

const PLAIN = ["file", "measure", "holder", "country", "chart", "look", "shown"];

/** Levers as an address writes them: media:2,oil_price:30. */
export const written = (setting) => Object.entries(setting).sort().map(([id, value]) => `${id}:${Number(value.toPrecision(6))}`).join(",");

/** Levers out of an address; what is no number is left out. */
export function levers(said) {
  const found = {};
  for (const part of (said || "").split(",")) {
    const cut = part.lastIndexOf(":"), value = Number(part.slice(cut + 1));
    if (cut > 0 && part.slice(cut + 1) !== "" && Number.isFinite(value)) found[part.slice(0, cut)] = value;
  }
  return found;
}

/** What an address says. */
export function read(hash) {
  const said = new URLSearchParams(hash.replace(/^#/, ""));
  const found = { setting: levers(said.get("set")), against: levers(said.get("with")), saved: [] };
  for (const key of PLAIN) if (said.has(key)) found[key] = said.get(key).slice(0, 400);
  for (const key of ["month", "run"]) if (/^\d{1,5}$/.test(said.get(key) || "")) found[key] = Number(said.get(key));
  for (const entry of said.getAll("saved").slice(0, 20)) {
    const cut = entry.lastIndexOf("~");
    if (cut > 0) found.saved.push({ name: entry.slice(0, cut).slice(0, 60), setting: levers(entry.slice(cut + 1)) });
  }
  return found;
}

/** The address of what one sees; what stands where it stands without saying so is left out. */
export function address(page) {
  const said = new URLSearchParams();
  for (const key of PLAIN) if (page[key] && page[key] !== page.usual[key]) said.set(key, page[key]);
  if (Object.keys(page.setting).length) said.set("set", written(page.setting));
  if (Object.keys(page.against).length) said.set("with", written(page.against));
  if (page.month !== page.usual.month) said.set("month", page.month);
  if (page.run !== null) said.set("run", page.run);
  for (const { name, setting } of page.saved) said.append("saved", `${name}~${written(setting)}`);
  const text = said.toString().replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%7E", "~");
  return text ? `#${text}` : " ";
}
