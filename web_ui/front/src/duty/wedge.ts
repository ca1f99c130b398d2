/**
 * A badge reader types like a keyboard, only faster than anybody: its text and an Enter. Recognised by that pace,
 * so that it works wherever the cursor stands. Pure: keys in, badges out.
 */

export const SLOWEST_MS = 80; // between two keys of a reader; people who type fast need 100 ms
const SHORTEST = 4; // characters of a badge

export interface Typed {
  text: string;
  last_ms: number;
}

export const NOTHING: Typed = { text: "", last_ms: Number.NEGATIVE_INFINITY };

/** What has been typed after this key, and the badge if it was complete with it. */
export function typed(before: Typed, key: string, at_ms: number): { now: Typed; badge: string | null } {
  const fast = at_ms - before.last_ms <= SLOWEST_MS;
  if (key === "Enter" || key === "Tab") {
    const badge = fast && before.text.length >= SHORTEST ? before.text : null;
    return { now: NOTHING, badge };
  }
  if (key.length !== 1) return { now: before, badge: null }; // Shift for a capital letter
  return { now: { text: fast ? before.text + key : key, last_ms: at_ms }, badge: null };
}
