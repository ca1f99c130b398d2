/** A ticket that is drawn up here: few fields, the rest from the kind of work and from the area. Pure. */
import type { Who } from "../api/shapes/people.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Offers, WorkKind } from "../api/shapes/tickets.ts";
import { measuresOf, type Provers } from "./measures.ts";

const HOUR_S = 3600;
const USUAL_H = 8; // a shift

export interface Draft {
  work: WorkKind | null;
  area: PlanArea | null;
  point: { x_m: number; y_m: number } | null; // null: the middle of the area
  content: string;
  pipe: string;
  outdoor: boolean | null; // null: nobody has said
  holder: string;
  guards: string[];
  workers: string[];
  hours: number;
  jsa: string;
  left_out: string[]; // measures of the book that do not apply
  shown_by: Record<string, string>; // by measure: the device that was chosen, "" for people
  own: Own[];
  scopes: string[];
  linked: string[];
}

/** A measure of this ticket's own; `source` "": people look. */
export interface Own {
  words: string;
  source: string;
}

export const EMPTY: Draft = {
  work: null,
  area: null,
  point: null,
  content: "",
  pipe: "",
  outdoor: null,
  holder: "",
  guards: [],
  workers: [],
  hours: USUAL_H,
  jsa: "",
  left_out: [],
  shown_by: {},
  own: [],
  scopes: [],
  linked: [],
};

/** How long it may be valid, in whole hours: a shift, or less where the book allows less. */
export function hoursOf(work: WorkKind | null): number[] {
  const most = work?.longest_s ? Math.floor(work.longest_s / HOUR_S) : 24;
  return [1, 2, 4, USUAL_H, 12, 24, 72].filter((one) => one <= most);
}

export function usualHours(work: WorkKind): number {
  return (
    hoursOf(work)
      .filter((one) => one <= USUAL_H)
      .at(-1) ?? 1
  );
}

/** Another kind of work has measures of its own, another area its own devices and places. */
export function withWork(draft: Draft, work: WorkKind | null): Draft {
  const hours = work ? usualHours(work) : draft.hours;
  return { ...draft, work, hours, left_out: [], shown_by: {}, scopes: [], outdoor: null };
}

export function withArea(draft: Draft, area: PlanArea | null): Draft {
  return { ...draft, area, point: null, shown_by: {} };
}

/** The area that is the only one, and there the guard and the worker who are the only ones: it stays to be seen. */
export function withOnly(draft: Draft, areas: PlanArea[], people: Who[]): Draft {
  const area = draft.area ?? only(areas);
  const one = (role: string, chosen: string[]) => {
    const who = area && chosen.length === 0 ? only(withRole(people, role, area.id)) : null;
    return who && who.id !== draft.holder ? [who.id] : chosen;
  };
  return {
    ...withArea(draft, area),
    guards: one("guard", draft.guards),
    workers: one("worker", draft.workers),
  };
}

const only = <T>(list: T[]): T | null => (list.length === 1 ? (list[0] ?? null) : null);

export function withRole(people: Iterable<Who>, role: string, area: string): Who[] {
  return [...people].filter(
    (one) => one.roles.includes(role) && (one.areas.length === 0 || one.areas.includes(area)),
  );
}

export type Lacking =
  | "work"
  | "area"
  | "content"
  | "pipe"
  | "outdoor"
  | "holder"
  | "guards"
  | "workers"
  | "jsa"
  | "own";

/** What is still missing, first thing first; null when it can be signed. */
export function missing(draft: Draft): Lacking | null {
  if (!draft.work) return "work";
  if (!draft.area) return "area";
  if (!draft.content.trim()) return "content";
  if (draft.work.pipe && !draft.pipe.trim()) return "pipe";
  if (draft.work.wind && draft.outdoor === null) return "outdoor";
  if (!draft.holder) return "holder";
  if (draft.guards.length < draft.work.guards) return "guards";
  if (draft.workers.length === 0) return "workers";
  if (draft.work.jsa && !draft.jsa.trim()) return "jsa";
  return draft.own.some((one) => !one.words.trim()) ? "own" : null;
}

/** The middle of the area is where the work is unless somebody says otherwise. */
export function pointOf({ area, point }: Draft, offers: Offers): { x_m: number; y_m: number } | null {
  const middle = offers.points[area?.id ?? ""]?.[0];
  return point ?? (middle ? { x_m: middle.x_m, y_m: middle.y_m } : null);
}

export function ticketOf(
  draft: Draft,
  offers: Offers,
  provers: Provers,
  now_utc: number,
): Record<string, unknown> | null {
  const { work, area } = draft;
  if (!work || !area || missing(draft)) return null;
  const content = draft.content.trim();
  return {
    type: work.type,
    level: work.level,
    area: area.id,
    point: pointOf(draft, offers),
    valid_to_utc: Math.round(now_utc + draft.hours * HOUR_S),
    holder: draft.holder,
    guards: draft.guards,
    workers: draft.workers,
    devices: offers.devices[area.id] ?? [],
    video_required: work.video,
    content: { zh: content, en: content },
    measures: measuresOf(draft, provers),
    ...(work.jsa ? { jsa: draft.jsa.trim() } : {}),
    ...(work.pipe ? { pipe: draft.pipe.trim() } : {}),
    ...(work.wind ? { outdoor: draft.outdoor } : {}),
    ...(draft.scopes.length > 0 ? { scopes: draft.scopes } : {}),
    ...(draft.linked.length > 0 ? { linked: draft.linked } : {}),
  };
}

/** More time for the work of a ticket: a ticket of its own, of which only the end is written. */
export function extensionOf(permit: string, hours: number, now_utc: number): Record<string, unknown> {
  return { extends: permit, valid_to_utc: Math.round(now_utc + hours * HOUR_S) };
}
