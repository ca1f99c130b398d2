/** Whoever logs in because he is waited for comes to what he is waited for, once; the way back leads to his permits. */
import type { Permit } from "../api/shapes/permit.ts";
import { chief, keyOf, mine, rare } from "./steps.ts";

/**
 * What people do before any work begins, and whether this permit waits for it. What lets danger begin or go on is no
 * part of it: that is decided on the page that says how everything stands.
 */
const WAITS: Record<string, (permit: Permit) => boolean> = {
  approve: () => true,
  check_in: (permit) => permit.guard_id === null,
  confirm: (permit) => permit.measures.some((one) => one.at_utc === null),
  retest: (permit) => permit.needs_retest,
};
const BEFORE = new Set(["received", "ready"]);

/** The address of the only thing that this person is waited for; null where it is none, several, or no preparation. */
export function onlyNext(permits: readonly Permit[], person: string): string | null {
  const [one, ...others] = permits.filter((permit) => mine(permit, person).some((step) => !rare(step)));
  if (!one || others.length > 0 || !BEFORE.has(one.state)) return null;
  const step = chief(one, person);
  return step && WAITS[step.ask]?.(one) ? `/p/${encodeURIComponent(one.id)}?do=${keyOf(step)}` : null;
}

const COMES_MS = 30_000; // until the first picture is there; whoever comes home later comes for something else
let since_ms = Number.NEGATIVE_INFINITY;

/** Somebody logs in on the way to no page of his own choice. */
export function arrives(): void {
  since_ms = performance.now();
}

/** Whether somebody has just come; told once. */
export function arrived(): boolean {
  const fresh = performance.now() - since_ms < COMES_MS;
  since_ms = Number.NEGATIVE_INFINITY;
  return fresh;
}
