import { ApiError, createApi } from 'connections-client';

/** A page that polls an API through the client, from its load on. */
export interface PollPage {
  answers: number;
  readonly failures: string[];
}

declare global {
  interface Window {
    poll: PollPage;
  }
}

const api = createApi({ baseUrl: '/api' });
const poll: PollPage = { answers: 0, failures: [] };
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
