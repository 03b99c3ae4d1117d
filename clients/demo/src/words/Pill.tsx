import type { ReactNode } from 'react';
import { toneOf, type Tone } from './tones.js';

/** A word in a coloured capsule. */
export function Pill({ word, tone = toneOf(word) }: { readonly word: string; readonly tone?: Tone }): ReactNode {
  return <span className="pill" data-is={tone}>{word}</span>;
}
