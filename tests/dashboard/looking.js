// What is wrong with how a page looks: words too small, too pale, on top of each other, or wider than the window.
() => {
  const faults = [];
  const parse = (colour) => {
    const found = colour.match(/rgba?\(([^)]+)\)/);
    if (found) { const p = found[1].split(/[ ,/]+/).map(Number); return [p[0], p[1], p[2], p.length > 3 ? p[3] : 1]; }
    if (/^#[0-9a-f]{6}$/i.test(colour)) return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16)).concat(1);
    return null;
  };
  const lum = (c) => { const l = c.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * l[0] + 0.7152 * l[1] + 0.0722 * l[2]; };
  const contrast = (a, b) => { const [x, y] = [lum(a), lum(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
  const over = (top, ground) => top.slice(0, 3).map((v, i) => v * top[3] + ground[i] * (1 - top[3])).concat(1);
  const visible = (node) => node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && node.getClientRects().length > 0;
  const groundOf = (node, x, y) => {
    const stack = document.elementsFromPoint(x, y), layers = [];
    const from = stack.indexOf(node);
    for (const each of stack.slice(from < 0 ? 0 : from)) {
      const style = getComputedStyle(each);
      const isShape = each.namespaceURI.endsWith("svg") && !["svg", "text", "g"].includes(each.tagName);
      const colour = parse(isShape ? style.fill : each === node ? "" : style.backgroundColor) || (each !== node && !isShape ? parse(style.backgroundColor) : null);
      const own = each === node && !each.namespaceURI.endsWith("svg") ? parse(style.backgroundColor) : colour;
      if (own && own[3] > 0) layers.push([...own.slice(0, 3), own[3] * (isShape ? Number(style.opacity) : 1)]);
      if (own && own[3] === 1 && (!isShape || Number(style.opacity) === 1)) break;
    }
    return layers.reverse().reduce((ground, layer) => over(layer, ground), parse(getComputedStyle(document.body).backgroundColor));
  };
  const leaves = [...document.querySelectorAll("body *")].filter((node) => visible(node) && !["SCRIPT", "STYLE", "TITLE", "title", "OPTION", "NOSCRIPT"].includes(node.tagName)
    && [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()));
  const boxes = [];
  for (const node of leaves) {
    const style = getComputedStyle(node), svg = node.namespaceURI.endsWith("svg");
    const said = node.textContent.trim().slice(0, 30);
    const range = document.createRange();
    range.selectNodeContents(node);
    const rect = svg ? node.getBoundingClientRect() : range.getBoundingClientRect();
    const owner = svg ? node.ownerSVGElement : null;
    let scale = 1;
    if (owner) { let top = owner; while (top.ownerSVGElement) top = top.ownerSVGElement; scale = top.getBoundingClientRect().width / Number(top.getAttribute("width")); }
    const size = parseFloat(svg ? node.getAttribute("font-size") || style.fontSize : style.fontSize) * scale;
    if (size < 10.95) faults.push(`small: ${said} at ${size.toFixed(1)} px`);
    if (rect.bottom < 0 || rect.top > innerHeight || rect.right < 0 || rect.left > innerWidth || style.clipPath !== "none") continue;
    const x = rect.left + rect.width / 2, y = rect.top + rect.height / 2;
    const top = document.elementFromPoint(Math.min(Math.max(x, 0), innerWidth - 1), Math.min(Math.max(y, 0), innerHeight - 1));
    if (svg) boxes.push({ said, owner, rect });
    if (!svg && top && !node.contains(top) && !top.contains(node)) continue;
    const ink = parse(svg ? style.fill : style.color), ground = groundOf(node, x, y);
    if (!ink || !ground || node.closest("[disabled]")) continue;
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const found = contrast(over(ink, ground), ground);
    if (found < needed - 0.02) faults.push(`pale: ${said} has ${found.toFixed(2)} of ${needed} (${style.fill || style.color} on ${ground.map(Math.round)})`);
  }
  boxes.forEach((one, i) => boxes.slice(i + 1).forEach((other) => {
    if (one.owner !== other.owner) return;
    const across = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
    const down = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
    if (across > 1.5 && down > 4.5) faults.push(`overlap: ${one.said} and ${other.said}`);
  }));
  if (document.documentElement.scrollWidth > innerWidth + 1) faults.push(`wide: ${document.documentElement.scrollWidth} in ${innerWidth}`);
  return faults;
}
