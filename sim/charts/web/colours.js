// Colours on light and on dark paper: the same hue a power everywhere, made lighter or darker until it can be seen or read.

/** Papers and inks of the two looks. */
export const LOOKS = {
  light: {
    dark: false, paper: "#ffffff", ink: "#222222", soft: "#5f5f5f", faint: "#e4e0d9", rule: "#c9c4ba", ghost: "#8d8d8d",
    land: "#efede8", more: "#2f5d8a", less: "#8a5a00", middle: "#f4efdf", bands: [0.18, 0.27],
  },
  dark: {
    dark: true, paper: "#16181b", ink: "#ece9e4", soft: "#aeb0b2", faint: "#2c3034", rule: "#484d52", ghost: "#8f959b",
    land: "#24282c", more: "#7fb2e5", less: "#d9a441", middle: "#2b2d2e", bands: [0.3, 0.42],
  },
};

/** Letters of every chart. */
export const FONT = 'system-ui, "Segoe UI", "Helvetica Neue", "DejaVu Sans", Arial, sans-serif';

/** Red, green and blue of a colour written #rrggbb, from 0 to 1. */
export const channels = (colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);

const hex = (parts) => `#${parts.map((c) => Math.round(255 * Math.min(Math.max(c, 0), 1)).toString(16).padStart(2, "0")).join("")}`;

/** A colour part of the way from one to another. */
export function mixed(one, other, share) {
  const [a, b] = [channels(one), channels(other)];
  return hex(a.map((c, i) => c + (b[i] - c) * share));
}

/** Relative luminance after WCAG 2.2, 0 black to 1 white. */
export function luminance(colour) {
  const linear = channels(colour).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
}

/** Contrast of two colours after WCAG 2.2, 1 to 21. */
export function contrast(one, other) {
  const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}

const seen = new Map();

/** A colour moved towards black or white until it has a contrast with its ground: 3 for marks, 4.5 for words. */
export function on(ground, colour, least = 3) {
  const key = `${ground}${colour}${least}`;
  if (!seen.has(key)) {
    const end = luminance(ground) > 0.18 ? "#000000" : "#ffffff";
    let found = colour;
    for (let share = 0; contrast(found, ground) < least && share <= 1; share += 0.04) found = mixed(colour, end, share);
    seen.set(key, found);
  }
  return seen.get(key);
}

/** A colour thinned with paper: 1 is the colour, 0 the paper. */
export const tint = (look, colour, share) => mixed(look.paper, on(look.paper, colour), share);

const PLAINS = ["#634a78", "#44654d", "#7a5a3a"];

/** A colour for what belongs to no power: the first of a few that is like none of those that stand for somebody. */
export function unlike(taken) {
  const far = (one, other) => Math.hypot(...channels(one).map((c, i) => c - channels(other)[i]));
  return PLAINS.find((colour) => taken.every((other) => far(colour, other) > 0.2)) || PLAINS[0];
}

/** Black or white, whichever is read more easily on a ground; a black that is quite black where a softer one would be too pale. */
export function inkOn(ground) {
  const best = contrast("#ffffff", ground) >= contrast("#1a1a1a", ground) ? "#ffffff" : "#1a1a1a";
  return contrast(best, ground) < 4.5 && contrast("#000000", ground) > contrast(best, ground) ? "#000000" : best;
}

/** The colour of an amount from 0 to 1. */
export function amount(look, colour, share) {
  return tint(look, colour, 0.08 + 0.86 * Math.min(Math.max(share, 0), 1));
}

/** The colour of a change from -1 to 1, around a middle that means no change. */
export function change(look, share) {
  const end = share >= 0 ? look.more : look.less;
  return mixed(look.middle, end, 0.92 * Math.min(Math.abs(share), 1) ** 0.85);
}
