import type { Hello, PageMessage, RelayMessage } from '../relay/messages.js';

/** Where the relay lives: in a SharedWorker, in one page that leads the others, or in each page for itself. */
export type HostKind = 'shared' | 'leader' | 'direct';

/** A page's end of its channel to a relay. */
export interface Channel {
  post(message: PageMessage): void;
  /** Lets go of the relay; whatever it still says is dropped. */
  close(): void;
}

/** What a page hears from its channel. */
export interface ChannelEvents {
  message(message: RelayMessage): void;
  /** The relay is gone; attach again. Not called after `close`. */
  lost(): void;
}

/** One way for a page to reach a relay. */
export interface Host {
  readonly kind: HostKind;
  /** Says hello and waits for the welcome. Rejects when this way does not work here: step down to the next. */
  attach(hello: Hello, events: ChannelEvents): Promise<Channel>;
  /** Whether other pages are served by this way now, where that can be known. */
  serves?(relay: string): Promise<boolean>;
  /** The relay answers no more although it seems to live: the next `attach` goes around it. */
  escape(): void;
}
