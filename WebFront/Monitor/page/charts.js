// Charts of up to five minutes, drawn by uPlot.
const kept = 300, least = 60, height = 180;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const now = () => Date.now() / 1000;

export class Chart {
  #data;
  #plot;
  #card = document.createElement('div');

  constructor(parent, title, lines, unit) {
    this.#card.className = 'chart';
    this.#card.append(Object.assign(document.createElement('h3'), { textContent: title }));
    parent.append(this.#card);
    this.#data = [[], ...lines.map(() => [])];
    const draw = () => {
      this.#plot?.destroy();
      const axis = { stroke: colour('--soft'), font: '12px system-ui, sans-serif', grid: { stroke: colour('--rule'), width: 1 }, ticks: { show: false } };
      const series = lines.map((label, i) => ({ label, stroke: colour(i ? '--b' : '--a'), fill: colour(i ? '--b-area' : '--a-area'), width: 1.75, points: { show: false }, value: (_, v) => (v == null ? '–' : `${short(v)} ${unit}`) }));
      this.#plot = new uPlot({
        width: this.#width(), height,
        series: [{}, ...series],
        axes: [{ ...axis, size: 30, space: 70, values: (_, ticks) => ticks.map(time) }, { ...axis, size: 46, values: (_, ticks) => ticks.map(short) }],
        scales: { x: { range: () => this.#span() }, y: { range: (_, low, high) => [0, Math.max(high ?? 0, 1) * 1.15] } },
        cursor: { y: false },
      }, this.#data, this.#card);
    };
    draw();
    new ResizeObserver(() => this.#plot.setSize({ width: this.#width(), height })).observe(this.#card);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  }

  add(at, ...values) {
    [at, ...values].forEach((value, i) => {
      this.#data[i].push(value);
      if (this.#data[i].length > kept) this.#data[i].shift();
    });
    this.#plot.setData(this.#data);
    // The legend is of where the pointer is; without one it is of now.
    if (!(this.#plot.cursor.left >= 0)) this.#plot.setLegend({ idx: this.#data[0].length - 1 });
  }

  // As long as there is something to show, so that a page that was just opened is not mostly empty.
  #span() {
    const times = this.#data[0];
    const end = times.at(-1) ?? now();
    return [end - Math.min(kept, Math.max(least, end - (times[0] ?? end))), end];
  }

  #width() {
    return Math.max(200, this.#card.clientWidth - 28);
  }
}

const time = (at) => new Date(at * 1000).toLocaleTimeString([], { hour12: false });

export const short = (value) =>
  value >= 1e6 ? `${(value / 1e6).toFixed(1)}M` : value >= 1e4 ? `${(value / 1e3).toFixed(1)}k` : value >= 100 ? value.toFixed(0) : String(Math.round(value * 10) / 10);
