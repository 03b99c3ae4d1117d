// What the reports of all nodes add up to, and what changed since the report before.

/** The sum over nodes of every figure whose name is `name`, or begins with it and a tag's value. */
export function sum(nodes, name, tag = '') {
  let total = 0;
  for (const node of nodes)
    for (const [key, value] of Object.entries(node.figures))
      if (key === name + tag || (key.startsWith(name + '|') && key.endsWith(tag))) total += value;
  return total;
}

/** How much a counter grew a second, over nodes that were there before. A node that started anew begins at its own zero. */
export function rate(nodes, before, seconds, name, tag = '') {
  if (!before || seconds <= 0) return 0;
  const known = new Map(before.map((node) => [node.id, node]));
  let grown = 0;
  for (const node of nodes) {
    const earlier = known.get(node.id);
    if (earlier) grown += Math.max(0, sum([node], name, tag) - sum([earlier], name, tag));
  }
  return grown / seconds;
}

/** A quantile of a histogram's new entries, in seconds; null when there are none. */
export function quantile(nodes, before, name, part) {
  const prefix = `${name}|le|`;
  const grown = new Map();
  const known = new Map((before ?? []).map((node) => [node.id, node]));
  let count = 0;
  for (const node of nodes) {
    const earlier = known.get(node.id)?.figures ?? {};
    count += (node.figures[`${name}|count`] ?? 0) - (earlier[`${name}|count`] ?? 0);
    for (const [key, value] of Object.entries(node.figures))
      if (key.startsWith(prefix)) {
        const bound = Number(key.slice(prefix.length));
        grown.set(bound, (grown.get(bound) ?? 0) + value - (earlier[key] ?? 0));
      }
  }
  if (count <= 0) return null;
  let lower = 0, below = 0;
  for (const [bound, sofar] of [...grown].sort((a, b) => a[0] - b[0])) {
    if (sofar >= count * part) return sofar === below ? bound : lower + (bound - lower) * ((count * part - below) / (sofar - below));
    [lower, below] = [bound, sofar];
  }
  return lower;
}
