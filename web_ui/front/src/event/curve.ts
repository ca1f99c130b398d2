/** A gas curve as lines and gaps. What was not measured is a gap with its reason, never a line drawn across. Pure. */
import type { Curve } from "../api/shapes/history.ts";

export interface Point {
  s: number; // seconds before (below 0) or after the event
  level: number;
}

export interface Gap {
  from_s: number;
  to_s: number;
  letter: string; // of the quality
}

export interface Drawn {
  lines: Point[][];
  gaps: Gap[];
  from_s: number;
  to_s: number;
  last: number | null;
  highest: number | null;
  lowest: number | null;
}

const GOOD = "g";

export function drawn(curve: Curve, at_utc: number): Drawn {
  const lines: Point[][] = [];
  const gaps: Gap[] = [];
  const second = (index: number) => curve.from_utc + index * curve.step_s - at_utc;
  let line: Point[] | null = null;
  for (const [index, level] of curve.levels.entries()) {
    const letter = curve.quality[index] ?? "m";
    if (level !== null && letter === GOOD) {
      const point = { s: second(index), level };
      if (line === null) {
        line = [];
        lines.push(line);
      }
      line.push(point);
      continue;
    }
    line = null;
    const gap = gaps.at(-1);
    if (gap && gap.letter === letter && gap.to_s === second(index)) gap.to_s = second(index + 1);
    else gaps.push({ from_s: second(index), to_s: second(index + 1), letter });
  }
  const levels = lines.flat().map((point) => point.level);
  return {
    lines,
    gaps,
    from_s: second(0),
    to_s: second(curve.levels.length),
    last: levels.at(-1) ?? null,
    highest: levels.length > 0 ? Math.max(...levels) : null,
    lowest: levels.length > 0 ? Math.min(...levels) : null,
  };
}

/** From where to where the drawing reaches: all that was measured, and every limit, with a little air. */
export function scale(
  shape: Pick<Drawn, "highest" | "lowest">,
  limits: (number | null)[],
): { bottom: number; top: number } {
  const known = [shape.highest, shape.lowest, ...limits].filter((one): one is number => one !== null);
  if (known.length === 0) return { bottom: 0, top: 1 };
  const low = Math.min(...known, 0);
  const high = Math.max(...known, low + 0.001);
  // Oxygen moves near 20 %: a scale from nought would hide what matters.
  const bottom = low === 0 && Math.min(...known) > 10 ? Math.min(...known) * 0.9 : low;
  return { bottom, top: high + (high - bottom) * 0.1 };
}
