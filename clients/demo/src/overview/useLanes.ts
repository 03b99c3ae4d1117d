import { useCallback, useState } from 'react';
import type { Way } from '../tabs/useWay.js';

/** One user on the overview, and the keys of the tabs that are open for it. */
export interface Lane {
  readonly user: string;
  /** How its tabs connect until somebody chooses. */
  readonly way: Way;
  readonly tabs: readonly number[];
}

export const mostTabs = 8;
const mostLanes = 6;
let keys = 0;
const tabs = (count: number): readonly number[] => Array.from({ length: count }, () => keys++);

/** The users on the overview and what one can do with them. */
export interface Lanes {
  readonly lanes: readonly Lane[];
  readonly isFull: boolean;
  add(user: string): void;
  openTab(user: string): void;
  closeTab(user: string): void;
  remove(user: string): void;
}

/** Starts with two users of three tabs each, side by side: one shares a connection, the other does not. */
export function useLanes(): Lanes {
  const [lanes, set] = useState<readonly Lane[]>(() => [
    { user: 'alice', way: 'shared', tabs: tabs(3) },
    { user: 'bob', way: 'per-tab', tabs: tabs(3) },
  ]);
  const change = useCallback((user: string, to: (lane: Lane) => Lane) => {
    set((all) => all.map((lane) => (lane.user === user ? to(lane) : lane)));
  }, []);
  return {
    lanes,
    isFull: lanes.length >= mostLanes,
    add: (user) => set((all) => (all.length >= mostLanes || all.some((lane) => lane.user === user) ? all : [...all, { user, way: 'shared', tabs: tabs(2) }])),
    openTab: (user) => change(user, (lane) => (lane.tabs.length < mostTabs ? { ...lane, tabs: [...lane.tabs, keys++] } : lane)),
    closeTab: (user) => change(user, (lane) => ({ ...lane, tabs: lane.tabs.slice(0, -1) })),
    remove: (user) => set((all) => all.filter((lane) => lane.user !== user)),
  };
}
