// Taking a picture away: a drawing with its title, its reading and its source as SVG or PNG, and its numbers as CSV.

import { el, words, wrapped } from "./svg.js";
import { FONT } from "./colours.js";

/** A drawing on a sheet of its own: title, subtitle, the drawing, and where it comes from. */
export function sheet(chart, { title, subtitle, foot, look }) {
  const margin = 24, width = Number(chart.getAttribute("width")) + 2 * margin, room = width - 2 * margin;
  const lines = [
    ...wrapped(title, room, 21, FONT, 3, 700).map((said) => ({ said, size: 21, weight: 700, fill: look.ink })),
    ...wrapped(subtitle, room, 13.5, FONT, 3).map((said) => ({ said, size: 13.5, weight: 400, fill: look.soft })),
  ];
  const below = wrapped(foot, room, 11, FONT, 3);
  const head = lines.reduce((sum, { size }) => sum + size * 1.32, margin) + 10;
  const height = head + Number(chart.getAttribute("height")) + below.length * 15 + margin + 6;
  const page = el("svg", { xmlns: "http://www.w3.org/2000/svg", width, height, viewBox: `0 0 ${width} ${height}`, "font-family": FONT });
  page.append(el("rect", { width, height, fill: look.paper }));
  let y = margin;
  for (const { said, size, weight, fill } of lines) {
    page.append(words(margin, y + size * 0.9, said, { size, weight, fill }));
    y += size * 1.32;
  }
  const inner = chart.cloneNode(true);
  inner.setAttribute("x", margin);
  inner.setAttribute("y", head);
  page.append(inner);
  below.forEach((said, i) => page.append(words(margin, head + Number(chart.getAttribute("height")) + 20 + i * 15, said, { size: 11, fill: look.soft })));
  return page;
}

/** A drawing as a file. */
export const svgFile = (page) => new Blob(['<?xml version="1.0" encoding="UTF-8"?>\n', new XMLSerializer().serializeToString(page)], { type: "image/svg+xml" });

/** A drawing as pixels, twice as fine as the screen shows it. */
export async function pngFile(page, fine = 2) {
  const address = URL.createObjectURL(svgFile(page));
  try {
    const picture = new Image();
    await new Promise((resolve, reject) => {
      picture.onload = resolve;
      picture.onerror = () => reject(new Error("the drawing could not be turned into pixels"));
      picture.src = address;
    });
    const canvas = document.createElement("canvas");
    canvas.width = Number(page.getAttribute("width")) * fine;
    canvas.height = Number(page.getAttribute("height")) * fine;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Rows of plain values as CSV. Text that a spreadsheet would take for a formula is given a quote in front. */
export function csvFile(rows) {
  const cell = (value) => {
    const said = typeof value === "number" ? String(Number(value.toPrecision(7))) : String(value);
    const safe = typeof value !== "number" && /^[=+\-@\t\r]/.test(said) ? `'${said}` : said;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return new Blob([rows.map((row) => row.map(cell).join(",")).join("\n"), "\n"], { type: "text/csv;charset=utf-8" });
}

/** Hands a file to the reader under a name. */
export function handOver(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
