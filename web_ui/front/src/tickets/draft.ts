/** A ticket that is drawn up here: few fields, the rest from the kind of work and from the area. Pure. */
import type { Offers, PlanArea, Who, WorkKind } from "../api/types.ts";

const HOUR_S = 3600;
const USUAL_H = 8; // a shift

export interface Draft {
  work: WorkKind | null;
  area: PlanArea | null;
  content: string;
  holder: string;
  guards: string[];
  workers: string[];
  hours: number;
  jsa: string;
}

export const EMPTY: Draft = {
  work: null,
  area: null,
  content: "",
  holder: "",
  guards: [],
  workers: [],
  hours: USUAL_H,
  jsa: "",
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

/** The middle of an area: where the work is unless somebody says otherwise. */
export function middle(area: PlanArea): { x_m: number; y_m: number } {
  const sum = (at: 0 | 1) => area.corners.reduce((all, corner) => all + corner[at], 0);
  const round = (value: number) => Math.round((value / area.corners.length) * 10) / 10;
  return { x_m: round(sum(0)), y_m: round(sum(1)) };
}

export function withRole(people: Iterable<Who>, role: string, area: string): Who[] {
  return [...people].filter(
    (one) => one.roles.includes(role) && (one.areas.length === 0 || one.areas.includes(area)),
  );
}

/** What is still missing, first thing first; null when it can be signed. */
export function missing(
  draft: Draft,
): "work" | "area" | "content" | "holder" | "guards" | "workers" | "jsa" | null {
  if (!draft.work) return "work";
  if (!draft.area) return "area";
  if (!draft.content.trim()) return "content";
  if (!draft.holder) return "holder";
  if (draft.guards.length < draft.work.guards) return "guards";
  if (draft.workers.length === 0) return "workers";
  return draft.work.jsa && !draft.jsa.trim() ? "jsa" : null;
}

export function ticketOf(draft: Draft, offers: Offers, now_utc: number): Record<string, unknown> | null {
  const { work, area } = draft;
  if (!work || !area || missing(draft)) return null;
  const content = draft.content.trim();
  return {
    type: work.type,
    level: work.level,
    area: area.id,
    point: middle(area),
    valid_to_utc: Math.round(now_utc + draft.hours * HOUR_S),
    holder: draft.holder,
    guards: draft.guards,
    workers: draft.workers,
    devices: offers.devices[area.id] ?? [],
    video_required: work.video,
    content: { zh: content, en: content },
    ...(work.jsa ? { jsa: draft.jsa.trim() } : {}),
  };
}

/** More time for the work of a ticket: a ticket of its own, of which only the end is written. */
export function extensionOf(permit: string, hours: number, now_utc: number): Record<string, unknown> {
  return { extends: permit, valid_to_utc: Math.round(now_utc + hours * HOUR_S) };
}
