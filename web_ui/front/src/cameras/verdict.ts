/** What is said of a person in a picture: the worst of what he wears decides how his box looks. Pure. */
import type { SeenPerson } from "../api/cameras.ts";

export type Standing = "worn" | "missing" | "unsure" | "none";
const WORST: readonly Standing[] = ["missing", "unsure", "worn"];
export const GUARD = "guard_mark"; // says who he is, not that anything is missing

/** Of the items that were looked at in this very picture; "none": nothing was. */
export function standingOf(person: SeenPerson): Standing {
  const said = Object.entries(person.ppe ?? {})
    .filter(([item]) => item !== GUARD)
    .map(([, state]) => state);
  return WORST.find((one) => said.includes(one)) ?? "none";
}

/** On his box: his number, what is missing ("-") and what cannot be told ("?"). */
export function signsOf(person: SeenPerson, called: (item: string) => string): string {
  const items = Object.entries(person.ppe ?? {}).filter(([item]) => item !== GUARD);
  const signs = { missing: "− ", unsure: "? " } as Record<string, string>;
  const told = items
    .filter(([, state]) => state in signs)
    .map(([item, state]) => `${signs[state]}${called(item)}`);
  return [String(person.track), ...told].join(" · ");
}
