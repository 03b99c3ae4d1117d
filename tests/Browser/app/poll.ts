import { ApiError, circuitBreakerManager, createApi, type CircuitState, type ServerBreakers } from 'connections-client';

/** A page that polls an API through the client, from its load on. */
export interface PollPage {
  answers: number;
  readonly failures: string[];
  /** Takes over what the gateway says of its breakers, and returns what this page's own one then is. */
  sync(): Promise<CircuitState>;
}

declare global {
  interface Window {
    poll: PollPage;
  }
}

const api = createApi({ baseUrl: '/api' });
const poll: PollPage = {
  answers: 0,
  failures: [],
  async sync() {
    circuitBreakerManager.sync((await (await fetch('/breakers?user=poller')).json()) as ServerBreakers, '/api/');
    return circuitBreakerManager.getStats()['/api/hello']!.state;
  },
};
window.poll = poll;

async function ask(): Promise<void> {
  try {
    await api.request('/hello?user=poller');
    poll.answers++;
  } catch (error) {
    poll.failures.push(error instanceof ApiError ? `${error.kind} ${error.status ?? ''}`.trim() : String(error));
  }
  setTimeout(() => void ask(), 50);
}

void ask();
