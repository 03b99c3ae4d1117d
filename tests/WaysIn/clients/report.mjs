// What a client saw, a line of JSON each, for the test that started it.
const write = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

export const opened = () => write({ opened: true });
export const frame = (epoch, { offset, kind, at, text, data }) => write({ epoch, frame: { offset, kind, at, text, data } });
export const gap = (epoch, it) => write({ epoch, gap: it });
export const text = (it) => write({ text: it });
export const batch = ({ epoch, gap: it, frames }) => {
  if (it) gap(epoch, it);
  for (const each of frames) frame(epoch, each);
};

export const [url, user] = process.argv.slice(2);
