/** Whose wearable is most likely to be changed. Pure. */
import type { Named, Permit } from "../api/shapes/permit.ts";
import type { Wearable } from "../api/shapes/seen.ts";

/** Everybody whom the ticket names at work, each once. */
export function namedBy(permit: Permit): Named[] {
  const all = [...permit.guards, ...permit.workers, { id: permit.holder_id, name: permit.holder }];
  return all.filter((one, at) => all.findIndex((other) => other.id === one.id) === at);
}

/** The one whose wearable is silent; else the one with the least charge; else whoever asks. "": nobody stands out. */
export function inNeed(people: Named[], wearables: Wearable[], me: string | undefined): string {
  const worn = wearables.filter((one) => people.some((person) => person.id === one.wearer));
  const silent = worn.filter((one) => !one.heard);
  if (silent.length === 1) return silent[0]?.wearer ?? "";
  const low = worn.filter((one) => one.low).sort((a, b) => charge(a) - charge(b));
  if (silent.length === 0 && low[0]) return low[0].wearer;
  return people.find((one) => one.id === me)?.id ?? "";
}

function charge(one: Wearable): number {
  return one.battery_pct ?? 100;
}
