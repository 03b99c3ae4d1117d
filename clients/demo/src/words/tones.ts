/** How a word is coloured. */
export type Tone = 'good' | 'busy' | 'bad' | 'calm';

const tones: Record<string, Tone> = {
  connecting: 'busy', waiting: 'busy', refused: 'bad',
  open: 'good', idle: 'calm', none: 'calm',
  sent: 'good', queued: 'busy', rejected: 'bad', expired: 'bad', unknown: 'busy',
};

// A closed breaker lets everything through: good here, where a closed tab is bad.
const breakerTones: Record<string, Tone> = { closed: 'good', open: 'bad', 'half-open': 'busy', 'forced-open': 'bad', 'forced-closed': 'busy' };

export const toneOf = (word: string): Tone => tones[word] ?? (word === 'closed' ? 'bad' : 'calm');

export const breakerToneOf = (state: string): Tone => breakerTones[state] ?? 'calm';
