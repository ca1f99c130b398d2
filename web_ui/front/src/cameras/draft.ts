/** What is drawn on a picture before anybody saves it: areas, guards' posts, points of the floor, hidden parts. Pure. */
import type { Box, CameraSet, Corner, PictureZone, PlanPoint } from "../api/cameras.ts";
import type { Table } from "../settings/draft.ts";

export interface Draft {
  areas: PictureZone[];
  on_plan: PlanPoint[];
  hide: Box[];
}

export const FEWEST = 3; // corners of an area
const PLACES = 4; // of a fraction: a tenth of a pixel

export function begun({ areas, on_plan, hide }: CameraSet): Draft {
  return { areas, on_plan, hide };
}

/** Inside the picture, and no finer than anybody can point. */
export function pinned([x, y]: Corner): Corner {
  const one = (share: number) => Number(Math.min(1, Math.max(0, share)).toFixed(PLACES));
  return [one(x), one(y)];
}

export function movedCorner(draft: Draft, area: number, at: number, to: Corner): Draft {
  const areas = draft.areas.map((one, number) =>
    number === area ? { ...one, corners: one.corners.map((old, n) => (n === at ? pinned(to) : old)) } : one,
  );
  return { ...draft, areas };
}

export function movedPoint(draft: Draft, at: number, to: Corner): Draft {
  const on_plan = draft.on_plan.map((one, n) => (n === at ? { ...one, picture: pinned(to) } : one));
  return { ...draft, on_plan };
}

/** A name that no area of this camera has. */
export function freshId(areas: readonly PictureZone[], area: string): string {
  const taken = new Set(areas.map((one) => one.id));
  for (let number = 1; ; number++) {
    const id = `${area}-in-picture${number > 1 ? `-${number}` : ""}`;
    if (!taken.has(id)) return id;
  }
}

export function boxOf(one: Corner, other: Corner): Box {
  const [x1, y1] = pinned(one);
  const [x2, y2] = pinned(other);
  return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
}

/** The camera's table of the settings with what was drawn; what says nothing is left out, as people write it. */
export function tableOf(table: Table, before: CameraSet, draft: Draft): Table {
  const next: Table = { ...table };
  if (draft.areas !== before.areas) next.areas = draft.areas.map(areaTable);
  if (draft.on_plan !== before.on_plan) next.on_plan = draft.on_plan;
  if (draft.hide !== before.hide) next.hide = draft.hide;
  for (const key of ["areas", "on_plan", "hide"]) {
    if (Array.isArray(next[key]) && (next[key] as unknown[]).length === 0) delete next[key];
  }
  return next;
}

function areaTable({ id, area, corners, post, stop_on_entry }: PictureZone): Table {
  return {
    id,
    area,
    ...(post ? { post } : {}),
    ...(stop_on_entry ? { stop_on_entry } : {}),
    corners,
  };
}
