/** What a chart of one gas channel draws: columns for the lines, stretches that are no good, the marks. Pure. */
import type { Curve, History, Mark } from "../api/shapes/history.ts";
import type { Gap } from "../event/curve.ts";

const GOOD = "g";

type Level = number | null;

export interface Series {
  at: number[]; // UTC seconds, the middle of each part
  low: Level[];
  mean: Level[];
  high: Level[];
  gaps: Gap[]; // seconds of UTC
  from_utc: number;
  to_utc: number;
  lowest: Level;
  highest: Level;
  marks: Mark[];
  more: boolean;
}

export function ofHistory(history: History): Series {
  const { low, mean, high, marks, more } = history;
  const highest = outer(high, Math.max);
  const lowest = outer(low, Math.min);
  return { ...spaced(history, mean.length), low, mean, high, lowest, highest, marks, more };
}

export function ofCurve(curve: Curve): Series {
  const levels = curve.levels;
  const bounds = { lowest: outer(levels, Math.min), highest: outer(levels, Math.max) };
  return {
    ...spaced(curve, levels.length),
    low: levels,
    mean: levels,
    high: levels,
    ...bounds,
    marks: [],
    more: false,
  };
}

type Timed = { from_utc: number; step_s: number; quality: string[] };

function spaced({ from_utc, step_s, quality }: Timed, parts: number) {
  const at = Array.from({ length: parts }, (_, part) => from_utc + (part + 0.5) * step_s);
  const gaps: Gap[] = [];
  for (const [part, letter] of quality.entries()) {
    const from_s = from_utc + part * step_s;
    const last = gaps.at(-1);
    if (letter === GOOD) continue;
    if (last && last.letter === letter && last.to_s === from_s) last.to_s = from_s + step_s;
    else gaps.push({ from_s, to_s: from_s + step_s, letter });
  }
  return { at, gaps, from_utc, to_utc: from_utc + parts * step_s };
}

function outer(levels: Level[], of: (...known: number[]) => number): Level {
  const known = levels.filter((one): one is number => one !== null);
  return known.length > 0 ? known.reduce((one, other) => of(one, other)) : null;
}

/** What can be read at a moment: the part that lies there, or null beyond the ends. */
export function partAt(series: Series, index: number) {
  const [at, low, mean, high] = [series.at[index], series.low[index], series.mean[index], series.high[index]];
  if (at === undefined) return null;
  const gap = series.gaps.find((one) => one.from_s <= at && at < one.to_s);
  return { at, low: low ?? null, mean: mean ?? null, high: high ?? null, letter: gap?.letter ?? GOOD };
}
