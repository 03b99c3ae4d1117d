/** The picture of the point: many tabs on the left, one line to the backend on the right. */

const MaxTabs = 8;
const Middle = 56;

/** @param {SVGElement} svg @param {{ tabs: number, fronts: number, connections: number, upstream: string }} what */
export function drawWay(svg, { tabs, fronts, connections, upstream }) {
  const shown = Math.min(tabs, MaxTabs);
  const step = Math.min(24, 84 / Math.max(1, shown));
  const parts = [];
  for (let i = 0; i < shown; i++) {
    const y = Middle + (i - (shown - 1) / 2) * step;
    parts.push(
      make('path', { class: 'thread', d: `M38 ${y} C130 ${y} 140 ${Middle} 226 ${Middle}` }),
      make('rect', { class: 'tab', x: 18, y: y - 6, width: 20, height: 12, rx: 3 }));
  }
  for (let i = 0; i < Math.max(1, Math.min(connections, 4)); i++) {
    const y = Middle + (i - (Math.max(1, Math.min(connections, 4)) - 1) / 2) * 12;
    parts.push(make('path', { class: 'upstream', 'data-upstream': upstream, d: `M290 ${y} L440 ${y}` }));
  }
  parts.push(
    make('rect', { class: 'node', x: 226, y: Middle - 24, width: 64, height: 48, rx: 10 }),
    make('rect', { class: 'node', x: 440, y: Middle - 24, width: 64, height: 48, rx: 10 }),
    label(258, Middle + 6, String(fronts), 'number'),
    label(472, Middle + 6, String(connections), 'number'),
    label(28, 114, tabs > MaxTabs ? `${tabs} tabs` : tabs === 1 ? 'tab' : 'tabs', 'name'),
    label(258, 114, fronts === 1 ? 'front' : 'fronts', 'name'),
    label(365, Middle - 13 - (connections > 1 ? 10 : 0), 'upstream', 'name'),
    label(472, 114, 'backend', 'name'));
  svg.replaceChildren(...parts);
}

function label(x, y, text, name) {
  const element = make('text', { x, y, class: name, 'text-anchor': 'middle' });
  element.textContent = text;
  return element;
}

function make(tag, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
