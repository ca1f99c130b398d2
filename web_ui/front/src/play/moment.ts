/** What held at one moment of an incident. Pure. */
import type { Way } from "../api/shapes/event.ts";
import type { Curve } from "../api/shapes/history.ts";
import type { IncidentStill } from "../api/shapes/incident.ts";

const TRAIL = 30; // places of a way that are still drawn: a minute

interface Spell {
  from_utc: number;
  until_utc: number | null;
}

export function holding<T extends Spell>(spells: readonly T[], at_utc: number): T[] {
  return spells.filter((one) => one.from_utc <= at_utc && (one.until_utc === null || at_utc < one.until_utc));
}

/** The last minute of a way up to this moment; what comes later is not known yet. */
export function wayUntil(way: Way, at_utc: number): Way {
  const end = Math.max(0, Math.floor((at_utc - way.from_utc) / way.step_s) + 1);
  const first = Math.max(0, Math.min(end, way.places.length) - TRAIL);
  const places = way.places.slice(first, end);
  const missing = Math.max(0, Math.min(end - way.places.length, TRAIL)); // it ends before this moment
  return {
    from_utc: way.from_utc + first * way.step_s,
    step_s: way.step_s,
    places: [...places, ...Array.from({ length: missing }, () => null)],
  };
}

/** The level then, and the letter of its quality; null where the curve has no such moment. */
export function levelAt(curve: Curve, at_utc: number): { level: number | null; letter: string } | null {
  const index = Math.floor((at_utc - curve.from_utc) / curve.step_s);
  if (index < 0 || index >= curve.levels.length) return null;
  return { level: curve.levels[index] ?? null, letter: curve.quality[index] ?? "m" };
}

/** Of each camera, the newest picture that was taken by then. */
export function stillsAt(stills: readonly IncidentStill[], at_utc: number): IncidentStill[] {
  const newest = new Map<string, IncidentStill>();
  for (const one of stills) {
    const before = newest.get(one.camera);
    if (one.at_utc <= at_utc && (!before || before.at_utc <= one.at_utc)) newest.set(one.camera, one);
  }
  return [...newest.values()];
}

/** The next moment at which something happened, or the one before. */
export function stepTo(times: readonly number[], at_utc: number, forward: boolean): number | null {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  const found = forward
    ? sorted.find((one) => one > at_utc + 0.05)
    : sorted.filter((one) => one < at_utc - 0.05).at(-1);
  return found ?? null;
}
