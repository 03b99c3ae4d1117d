import { StrictMode, useEffect, useState, type ReactNode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';
import type { Gap } from 'connections-client';
import { useFrames, useOnFrame, useSharedWebSocket, useWebSocketHealth, WebSocketProvider } from 'connections-client/react';

/** What a test reads of the React page. */
export interface ReactPage {
  /** How often each component was rendered. */
  readonly renders: Record<string, number>;
  /** How often the effects of a component were run. */
  mounts: number;
  /** The most renders of the component that shows the last frame within one animation frame. */
  rendersPerFrame: number;
  /** The offsets that `useOnFrame` has seen. */
  readonly offsets: number[];
  /** The gaps that it was told. */
  readonly gaps: Gap[];
  /** Tasks of 50 ms and more, in milliseconds. */
  readonly longTasks: number[];
  show(next: Partial<Shown>): void;
  /** Hydrates what a server has rendered, while the connection is already open; what React complains about is in `complaints`. */
  hydrate(): void;
  readonly complaints: string[];
}

interface Shown {
  readonly user: string;
  readonly shared: boolean;
  readonly mounted: boolean;
  /** A user beside the provider's, for one component. */
  readonly beside?: string;
}

declare global {
  interface Window {
    react: ReactPage;
  }
}

const query = new URLSearchParams(location.search);
let rendersInFrame = 0;
const count = (name: string): void => {
  window.react.renders[name] = (window.react.renders[name] ?? 0) + 1;
};

function LastFrame(): ReactNode {
  const { lastFrame } = useSharedWebSocket();
  count('last');
  window.react.rendersPerFrame = Math.max(window.react.rendersPerFrame, ++rendersInFrame);
  return <output id="last">{lastFrame?.text}</output>;
}

function Status(): ReactNode {
  const { isConnected } = useSharedWebSocket();
  count('status');
  return <output id="status">{isConnected ? 'connected' : 'not connected'}</output>;
}

function Sender(): ReactNode {
  const { send } = useSharedWebSocket();
  const [text, setText] = useState('');
  count('sender');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send(text);
      }}
    >
      <input id="input" value={text} onChange={(event) => setText(event.target.value)} />
    </form>
  );
}

function List(): ReactNode {
  const frames = useFrames(5);
  return (
    <ul id="list">
      {frames.map(({ epoch, offset, text }) => (
        <li key={`${epoch}-${offset}`}>{text}</li>
      ))}
    </ul>
  );
}

function Listener(): ReactNode {
  useEffect(() => void window.react.mounts++, []);
  useOnFrame((frame) => window.react.offsets.push(frame.offset), (gap) => window.react.gaps.push(gap));
  return null;
}

function Health(): ReactNode {
  const { isHealthy, connectionCount, lastHeartbeat, transport } = useWebSocketHealth();
  return <output id="health">{JSON.stringify({ isHealthy, connectionCount, heard: lastHeartbeat !== undefined, transport })}</output>;
}

function Beside({ user }: { readonly user: string }): ReactNode {
  const { isConnected } = useSharedWebSocket(user);
  return <output id="beside">{isConnected ? 'connected' : 'not connected'}</output>;
}

const url = '/hubs/connection?from=provider';

function App(): ReactNode {
  const [shown, setShown] = useState<Shown>({ user: query.get('user') ?? '', shared: query.get('shared') === 'true', mounted: true });
  window.react.show = (next) => setShown((now) => ({ ...now, ...next }));
  if (!shown.mounted) return <p id="gone">gone</p>;
  return (
    <WebSocketProvider userId={shown.user} url={url} useSharedWorker={shown.shared}>
      <Status />
      {shown.beside && <Beside user={shown.beside} />}
      <LastFrame />
      <List />
      <Sender />
      <Listener />
      <Health />
    </WebSocketProvider>
  );
}

window.react = {
  renders: {},
  mounts: 0,
  rendersPerFrame: 0,
  offsets: [],
  gaps: [],
  longTasks: [],
  complaints: [],
  show: () => undefined,
  hydrate() {
    const root = document.createElement('div');
    root.id = 'hydrated';
    root.innerHTML = '<output id="status">not connected</output>';
    document.body.append(root);
    const app = <WebSocketProvider userId={query.get('user')!} url={url} useSharedWorker={query.get('shared') === 'true'}><Status /></WebSocketProvider>;
    hydrateRoot(root, app, { onRecoverableError: (error) => this.complaints.push(String(error)) });
  },
};
new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => window.react.longTasks.push(duration))).observe({ type: 'longtask' });
const eachFrame = (): void => {
  rendersInFrame = 0;
  requestAnimationFrame(eachFrame);
};
requestAnimationFrame(eachFrame);

createRoot(document.getElementById('root')!).render(query.get('strict') === 'true' ? <StrictMode><App /></StrictMode> : <App />);
