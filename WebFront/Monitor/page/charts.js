// Charts of the last five minutes, drawn by uPlot.
const kept = 300;
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

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
      const axis = { stroke: colour('--soft'), grid: { stroke: colour('--rule'), width: 1 }, ticks: { show: false } };
      this.#plot = new uPlot({
        width: this.#width(), height: 190,
        series: [{ label: '', value: (_, at) => (at == null ? '–' : new Date(at * 1000).toLocaleTimeString()) }, ...lines.map((label, i) => ({ label, stroke: colour(i ? '--b' : '--a'), width: 2, points: { show: false }, value: (_, v) => (v == null ? '–' : `${short(v)} ${unit}`) }))],
        axes: [{ ...axis }, { ...axis, size: 56, values: (_, ticks) => ticks.map(short) }],
        scales: { x: { range: (_, low, high) => [(high ?? Date.now() / 1000) - kept, high ?? Date.now() / 1000] }, y: { range: (_, low, high) => [0, Math.max(high ?? 0, 1) * 1.1] } },
      }, this.#data, this.#card);
    };
    draw();
    new ResizeObserver(() => this.#plot.setSize({ width: this.#width(), height: 190 })).observe(this.#card);
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

  #width() {
    return Math.max(200, this.#card.clientWidth - 32);
  }
}

export const short = (value) =>
  value >= 1e6 ? `${(value / 1e6).toFixed(1)}M` : value >= 1e4 ? `${(value / 1e3).toFixed(1)}k` : value >= 100 ? value.toFixed(0) : String(Math.round(value * 10) / 10);
