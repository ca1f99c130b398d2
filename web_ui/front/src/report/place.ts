/** Where somebody is and which work it concerns, as far as the live picture tells: he types nothing. Pure. */
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { Hazard } from "../api/shapes/tickets.ts";
import { concerns } from "../duty/steps.ts";
import { toneOf } from "../duty/tone.ts";

const open = (permit: Permit) => toneOf(permit) !== "over";

/** The permit that he came from, else his own if he has but one. The box decides for itself in the same order. */
export function permitOf(live: Live, person: string, from: string | null): Permit | undefined {
  const named = live.permits.find((one) => one.id === from);
  if (named) return named;
  const own = live.permits.filter((one) => open(one) && concerns(one, person));
  return own.length === 1 ? own[0] : undefined;
}

/** What may be wrong with the works that are open here comes first; the rest on demand. */
export function likely(
  hazards: readonly Hazard[],
  live: Live | null,
  permit: Permit | undefined,
): { first: Hazard[]; rest: Hazard[] } {
  const permits = permit ? [permit] : (live?.permits.filter(open) ?? []);
  const works = new Set(permits.map((one) => one.type));
  const isLikely = (one: Hazard) => one.works.length === 0 || one.works.some((work) => works.has(work));
  return { first: hazards.filter(isLikely), rest: hazards.filter((one) => !isLikely(one)) };
}
