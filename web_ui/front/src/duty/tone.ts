/** How a permit looks at a glance: its word decides; a value that this page does not know is unknown, never fine. */
import type { Permit } from "../api/shapes/permit.ts";

export type Tone =
  | "evacuate"
  | "unknown"
  | "stopped"
  | "shadow"
  | "warning"
  | "watch"
  | "may_work"
  | "waiting"
  | "over";

const WORST_FIRST: readonly Tone[] = [
  "evacuate",
  "unknown",
  "stopped",
  "shadow",
  "warning",
  "watch",
  "may_work",
  "waiting",
  "over",
];
const WAITING = new Set(["received", "ready"]);
const OVER = new Set(["closed", "expired", "revoked"]);
const STOPPED = new Set(["paused", "suspended", "resume_check"]);
const PERMITTED = new Set(["active", "fire_watch"]);

/** Its ticket gives no work any more. Of hot work a fire watch may be left. */
export function ended(permit: Permit): boolean {
  return OVER.has(permit.state);
}

export function toneOf(permit: Permit): Tone {
  if (permit.evacuate || permit.word === "evacuate") return "evacuate";
  if (ended(permit)) return permit.fire_watch ? "watch" : "over";
  // Work that this box does not protect never wears the colours of work that it does.
  if (permit.shadow) return "shadow";
  if (STOPPED.has(permit.state)) return "stopped";
  if (WAITING.has(permit.state)) return "waiting";
  if (!PERMITTED.has(permit.state)) return "unknown";
  // Work that is over while its fire is watched: no "may work", and nothing has gone wrong either.
  if (permit.state === "fire_watch" && permit.word !== "warning") return "watch";
  return permit.word === "may_work" || permit.word === "warning" || permit.word === "stopped"
    ? permit.word
    : "unknown";
}

/** What it waits for: its start while it has never begun, its resume while it stands still; else it goes on, or is over. */
export function awaits(permit: Permit): "start" | "resume" | "now" {
  if (WAITING.has(permit.state)) return "start";
  return STOPPED.has(permit.state) ? "resume" : "now";
}

export function worstFirst(permits: readonly Permit[]): Permit[] {
  return [...permits].sort((a, b) => WORST_FIRST.indexOf(toneOf(a)) - WORST_FIRST.indexOf(toneOf(b)));
}

export function isWorse(now: Tone, before: Tone): boolean {
  return WORST_FIRST.indexOf(now) < WORST_FIRST.indexOf(before);
}
