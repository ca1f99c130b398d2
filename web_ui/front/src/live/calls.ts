/** When this device calls its person: a permit of his got worse, or he is asked for "I'm here". */
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { concerns } from "../duty/steps.ts";
import { isWorse, type Tone, toneOf } from "../duty/tone.ts";
import type { Pattern } from "./sound.ts";

export type Known = ReadonlyMap<string, Tone>;

const WORST_FIRST: readonly Pattern[] = ["evacuate", "stopped", "warning", "asked"];
const CALLS: Partial<Record<Tone, Pattern>> = {
  evacuate: "evacuate",
  stopped: "stopped",
  warning: "warning",
};

/** In a person's place: the box's own screen calls whoever hears it, for every permit. */
export const EVERYBODY = null;

function of(permit: Permit, person: string | null): boolean {
  return person === EVERYBODY || concerns(permit, person);
}

/** What to sound now, given how everything looked before; and how it looks now. */
export function called(
  live: Live,
  person: string | null,
  before: Known,
): { pattern: Pattern | null; now: Known } {
  const now = new Map<string, Tone>();
  const found = new Set<Pattern>();
  for (const permit of live.permits.filter((one) => of(one, person))) {
    const tone = toneOf(permit);
    const was = before.get(permit.id);
    now.set(permit.id, tone);
    const pattern = CALLS[tone];
    if (pattern && was !== undefined && isWorse(tone, was)) found.add(pattern);
    if (pattern === "evacuate" && was === undefined) found.add(pattern); // the page was opened in the middle of it
  }
  return { pattern: WORST_FIRST.find((one) => found.has(one)) ?? null, now };
}

/** What goes on calling until it is answered: leaving, and a guard who is asked whether he is there. */
export function standing(live: Live, person: string | null): Pattern | null {
  const own = live.permits.filter((one) => of(one, person));
  if (own.some((one) => toneOf(one) === "evacuate")) return "evacuate";
  const asked = own.some(
    (one) => (person === EVERYBODY || one.guard_id === person) && one.guard_presence?.state === "asked",
  );
  return asked ? "asked" : null;
}
