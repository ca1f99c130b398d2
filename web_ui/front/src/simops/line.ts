/** Where a permit stands on the time line, and whether two of them overlap. Pure. */
import type { Clash } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";

export interface Span {
  from_utc: number;
  until_utc: number;
}

const LEAST_S = 3600;

/** From the first ticket's begin to the last one's end, with the present in it. */
export function spanOf(permits: readonly Permit[], now_utc: number): Span {
  const from = Math.min(now_utc, ...permits.map((one) => one.begins_utc || now_utc));
  const until = Math.max(now_utc + LEAST_S, ...permits.map((one) => one.ends_utc));
  return { from_utc: from, until_utc: until };
}

export function share(utc: number, { from_utc, until_utc }: Span): number {
  return Math.min(100, Math.max(0, (100 * (utc - from_utc)) / (until_utc - from_utc)));
}

/** By place, then by their begin. */
export function byPlace(permits: readonly Permit[]): Map<string, Permit[]> {
  const found = new Map<string, Permit[]>();
  for (const one of [...permits].sort((a, b) => a.begins_utc - b.begins_utc)) {
    found.set(one.area_id, [...(found.get(one.area_id) ?? []), one]);
  }
  return found;
}

/** For which others each permit waits now, by its id. */
export function waiting(clashes: readonly Clash[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { one, other, waits } of clashes) {
    for (const permit of waits) {
      found.set(permit, [...(found.get(permit) ?? []), permit === one ? other : one]);
    }
  }
  return found;
}

export function overlap(one: Permit | undefined, other: Permit | undefined): boolean {
  if (!one || !other) return true; // of another box: nobody here knows its times
  return one.begins_utc < other.ends_utc && other.begins_utc < one.ends_utc;
}
