import { renderToString } from 'react-dom/server';
import { expect, test } from 'vitest';
import { useFrames, useOnFrame, useSharedWebSocket, useWebSocketHealth, WebSocketProvider } from '../src/react/index.js';

function Everything() {
  const { isConnected, lastFrame, state } = useSharedWebSocket();
  const { isHealthy, connectionCount } = useWebSocketHealth();
  const frames = useFrames(5);
  useOnFrame(() => undefined);
  return <p>{[state.status, isConnected, isHealthy, connectionCount, frames.length, String(lastFrame)].join(' ')}</p>;
}

test('on a server components render as connecting, and nothing is connected', () => {
  expect(typeof window).toBe('undefined');
  const page = (
    <WebSocketProvider userId="alice" useSharedWorker>
      <Everything />
    </WebSocketProvider>
  );
  expect(renderToString(page)).toBe('<p>connecting false false 0 0 undefined</p>');
});

test('a component without a provider and without a user is told what is missing', () => {
  expect(() => renderToString(<Everything />)).toThrow('no WebSocketProvider and no userId');
});
