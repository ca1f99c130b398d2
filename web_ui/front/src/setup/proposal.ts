/**
 * What was noted in the wizard and is not in force yet: all of it goes to the box as one change, with one restart.
 *
 * It is kept in this browser (of this box's address alone), so that a page that is loaded anew or a line that breaks
 * loses nothing but passwords: those stay in the page alone. Nothing of it counts before the box has checked it and
 * somebody has signed it.
 */

import type { Edit, FileChange, SettingsChange } from "../api/shapes/asking.ts";
import type { Area, Areas } from "../api/shapes/places.ts";
import { put } from "../settings/draft.ts";
import { type Store, store } from "../store.ts";
import type { Words } from "../words/words.ts";
import { toToml } from "../zones/toml.ts";
import { rows, type Table } from "./entries.ts";

export type Step = "camera" | "detector" | "relay" | "wearable" | "zone";

/** A device that somebody looked at and noted. */
export interface Noted {
  step: Exclude<Step, "zone">;
  id: string;
  name: Words;
  edits: Edit[];
  lacks?: true; // its password was not kept: it must be noted anew
}

export interface Proposal {
  devices: Noted[];
  areas: { areas: Area[]; before: string } | null; // the hash of the file that they were drawn from
}

export const NOTHING: Proposal = { devices: [], areas: null };
const KEPT = "setup-noted";

export const proposal: Store<Proposal> = store(recalled());
export const kept: Store<boolean> = store(true); // false: the browser keeps nothing for this page

/** As an earlier visit left it; what cannot be read any more is nothing. */
function recalled(): Proposal {
  try {
    return readable(JSON.parse(localStorage.getItem(KEPT) ?? "null")) ?? NOTHING;
  } catch {
    return NOTHING;
  }
}

export function readable(found: unknown): Proposal | null {
  const { devices, areas } = (found ?? {}) as Partial<Proposal>;
  const whole =
    Array.isArray(devices) &&
    devices.every(
      (one) => typeof one?.id === "string" && typeof one.name?.zh === "string" && Array.isArray(one.edits),
    );
  if (!whole) return null;
  return { devices, areas: areas && Array.isArray(areas.areas) ? areas : null };
}

function keep(next: Proposal): void {
  proposal.set(next);
  try {
    if (isEmpty(next)) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, JSON.stringify(withoutSecrets(next)));
    kept.set(true);
  } catch {
    kept.set(false); // private windows of some browsers: said on the page
  }
}

/** As it is kept: a password lies nowhere but in the box. */
export function withoutSecrets(now: Proposal): Proposal {
  const devices = now.devices.map((one) => {
    const edits = one.edits.filter(({ do: does }) => does === "set");
    return edits.length === one.edits.length ? one : { ...one, edits, lacks: true as const };
  });
  return { ...now, devices };
}

/** The steps of which something is noted, each with the ids of it. */
export function stepsOf({ devices, areas }: Proposal): Map<string, string[]> {
  const found = new Map<string, string[]>(areas ? [["zone", ["areas.toml"]]] : []);
  for (const { step, id } of devices) found.set(step, [...(found.get(step) ?? []), id]);
  return found;
}

export function note(one: Noted): void {
  keep(withDevice(proposal.get(), one));
}

export function noteAreas(areas: Area[], before: string): void {
  keep({ ...proposal.get(), areas: { areas, before } });
}

export function forget(id: string): void {
  const now = proposal.get();
  keep({ ...now, devices: now.devices.filter((one) => one.id !== id) });
}

export function forgetAreas(): void {
  keep({ ...proposal.get(), areas: null });
}

export function forgetAll(): void {
  keep(NOTHING);
}

export function withDevice(now: Proposal, one: Noted): Proposal {
  return { ...now, devices: [...now.devices.filter(({ id }) => id !== one.id), one] };
}

export function isEmpty({ devices, areas }: Proposal): boolean {
  return devices.length === 0 && areas === null;
}

/** The settings as they would be: ids and buses that are noted are taken. */
export function planned(values: Table, { devices }: Proposal): Table {
  return devices
    .flatMap((one) => one.edits)
    .filter(({ do: does }) => does === "set")
    .reduce<Table>((all, { at, value }) => put(all, at, value) as Table, values);
}

/** Each edit once: detectors of one new bus bring it each. */
function edits({ devices }: Proposal): Edit[] {
  const all = devices.flatMap((one) => one.edits);
  return all.filter(
    (one, at) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === at,
  );
}

/** All of it as one change, from the settings of now. */
export function changeOf(noted: Proposal, before: string): SettingsChange {
  const files: FileChange[] = [];
  if (noted.devices.length > 0) files.push({ file: "site.toml", before, edits: edits(noted) });
  if (noted.areas) {
    files.push({ file: "areas.toml", before: noted.areas.before, text: toToml(noted.areas.areas) });
  }
  const [first = { file: "site.toml", before, edits: [] }, ...also] = files;
  return also.length > 0 ? { ...first, also } : first;
}

/** What is in force by now (its answer was lost on the way), and what somebody else has meanwhile put there. */
export function standing(noted: Proposal, values: Table): { left: Proposal; clashes: Noted[] } {
  const sets = (one: Noted) => one.edits.filter(({ do: does }) => does === "set");
  const left = noted.devices.filter(
    (one) =>
      !letsIn(one, values) || !sets(one).every(({ at, value }) => alike(thereOf(one, at, values), value)),
  );
  const clashes = left.filter((one) =>
    sets(one).some(({ at, value }) => {
      const there = thereOf(one, at, values);
      return there !== undefined && !alike(there, value);
    }),
  );
  return { left: { ...noted, devices: left }, clashes };
}

/** Whether the areas that are noted are those in force by now. */
export function areasStand({ areas }: Proposal, now: Areas): boolean {
  return areas !== null && now.sha256 !== areas.before && alike(now.areas, areas.areas);
}

function hasLogin(one: Noted): boolean {
  return one.lacks === true || one.edits.some(({ do: does }) => does === "login");
}

function letsIn(one: Noted, values: Table): boolean {
  return !hasLogin(one) || rows(values, "cameras")[one.id]?.login !== undefined;
}

/** What stands there; to a camera the box has added the name of the log-in that came with it. */
function thereOf(one: Noted, at: Edit["at"], values: Table): unknown {
  const there = valueAt(values, at);
  if (!hasLogin(one) || at[0] !== "cameras" || typeof there !== "object" || there === null) return there;
  const { login: _, ...row } = there as Table;
  return row;
}

function valueAt(values: unknown, at: Edit["at"]): unknown {
  return at.reduce<unknown>((inside, step) => (inside as Table | undefined)?.[step], values);
}

/** The same, in whatever order its keys stand. */
function alike(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return one === other;
  const keys = Object.keys(one);
  const mine = one as Table;
  const others = other as Table;
  return (
    Array.isArray(one) === Array.isArray(other) &&
    keys.length === Object.keys(others).length &&
    keys.every((key) => alike(mine[key], others[key]))
  );
}
