/**
 * How permits look on the board (docs/domain.md 7): red under way, yellow near the end, green done, stopped striped;
 * and which word the whole unit deserves. Pure.
 */
import type { Permit } from "../api/shapes/permit.ts";
import { isWorse, type Tone, toneOf } from "../duty/tone.ts";

export type Tile = "evacuate" | "unknown" | "stop" | "shadow" | "near" | "run" | "idle" | "done" | "dead";

const WORST_FIRST: readonly Tile[] = [
  "evacuate",
  "unknown",
  "stop",
  "shadow",
  "near",
  "run",
  "idle",
  "done",
  "dead",
];
const RUNNING = new Set(["active", "fire_watch"]);
const MOST_ENDED = 3; // what has ended must not push what is open off the panel

export function tileOf(permit: Permit): Tile {
  const tone = toneOf(permit);
  if (tone === "over") return permit.state === "closed" ? "done" : "dead";
  if (tone === "evacuate" || tone === "shadow") return tone;
  if (RUNNING.has(permit.state)) return permit.near_end ? "near" : "run";
  if (tone === "watch") return "run"; // its ticket has ended and its fire watch has not
  if (tone === "waiting") return "idle";
  return tone === "stopped" ? "stop" : "unknown";
}

/** Near its end is a warning even while nothing else is; hot work that is over is no "may work". */
export function wordToneOf(permit: Permit): Tone {
  const tone = toneOf(permit);
  if (tone === "stopped" && RUNNING.has(permit.state)) return "watch";
  return tone === "may_work" && permit.near_end ? "warning" : tone;
}

/** The tone of the whole unit: that of its worst permit that has not ended; null without one. */
export function worstOf(permits: readonly Permit[]): Tone | null {
  const open = permits.map(wordToneOf).filter((tone) => tone !== "over");
  return open.reduce<Tone | null>(
    (worst, one) => (worst === null || isWorse(one, worst) ? one : worst),
    null,
  );
}

/** What is open, the worst first; then the newest that ended, and how many more did. */
export function sorted(permits: readonly Permit[]): { shown: Permit[]; more: number } {
  const rank = (one: Permit) => WORST_FIRST.indexOf(tileOf(one));
  const open = permits.filter((one) => toneOf(one) !== "over").sort((a, b) => rank(a) - rank(b));
  const ended = permits.filter((one) => toneOf(one) === "over").sort((a, b) => b.since_utc - a.since_utc);
  return {
    shown: [...open, ...ended.slice(0, MOST_ENDED)],
    more: Math.max(0, ended.length - MOST_ENDED),
  };
}
