/** The names of everybody known here: a step names persons by id. Asked for once, after the log-in. */
import { store } from "../store.ts";
import { call } from "./client.ts";
import type { Known, Who } from "./shapes/people.ts";
import type { Permit } from "./shapes/permit.ts";

export const people = store<ReadonlyMap<string, Who>>(new Map());

export async function learnPeople(): Promise<void> {
  try {
    const known = (await everybody()).filter((one) => !one.denied);
    people.set(new Map(known.map((one) => [one.id, one])));
  } catch {
    // Names are a help: without them the id is shown, and the next visit asks again.
  }
}

/** An administrator is told of those who are denied, too. */
export async function everybody(): Promise<Known[]> {
  return (await call<{ people: Known[] }>("GET", "/people")).people;
}

export function nameOf(id: string, permit: Permit): string {
  const named = [...permit.guards, ...permit.workers, ...permit.inside].find((one) => one.id === id);
  if (id === permit.holder_id) return permit.holder;
  return people.get().get(id)?.name ?? named?.name ?? id;
}

/** What somebody is called who is named by his id alone. */
export function called(id: string): string {
  return people.get().get(id)?.name ?? id;
}
