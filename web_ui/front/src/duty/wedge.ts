/**
 * A badge reader types like a keyboard, only faster than anybody: its text and an Enter. Recognised by that pace,
 * so that it works wherever the cursor stands. Pure: keys in, badges out.
 *
 * The pace is the median gap between keys: a busy device delivers one key late, and a badge that was cut off there
 * would be a wrong one.
 */

export const READER_MS = 50; // median gap of a reader; people who type fast need 100 ms
export const PAUSE_MS = 500; // after this, somebody begins anew
const SHORTEST = 4; // characters of a badge

export interface Typed {
  text: string;
  gaps_ms: readonly number[];
  last_ms: number;
}

export const NOTHING: Typed = { text: "", gaps_ms: [], last_ms: Number.NEGATIVE_INFINITY };

/** What has been typed after this key, and the badge if it was complete with it. */
export function typed(before: Typed, key: string, at_ms: number): { now: Typed; badge: string | null } {
  const gap_ms = at_ms - before.last_ms;
  const begun = gap_ms > PAUSE_MS ? NOTHING : before;
  const gaps_ms = begun.text ? [...begun.gaps_ms, gap_ms] : [];
  if (key === "Enter" || key === "Tab") {
    const badge = begun.text.length >= SHORTEST && median(gaps_ms) <= READER_MS ? begun.text : null;
    return { now: NOTHING, badge };
  }
  if (key.length !== 1) return { now: before, badge: null }; // Shift for a capital letter
  return { now: { text: begun.text + key, gaps_ms, last_ms: at_ms }, badge: null };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;
}
