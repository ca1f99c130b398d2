/** Areas as they are drawn: every change gives new areas, so that each can be taken back. Pure. */
import type { Area } from "../api/shapes/places.ts";
import type { Spot } from "../event/map.ts";

export interface Draft {
  areas: Area[];
  before: Area[][]; // what undo goes back to, the newest last
  after: Area[][]; // what redo goes forward to
}

const MOST_BACK = 100;
const FEWEST = 3;
const CENTIMETRES = 100;

export function begun(areas: Area[]): Draft {
  return { areas, before: [], after: [] };
}

export function changed(draft: Draft, areas: Area[]): Draft {
  if (areas === draft.areas) return draft;
  return { areas, before: [...draft.before, draft.areas].slice(-MOST_BACK), after: [] };
}

export function undone({ areas, before, after }: Draft): Draft {
  const last = before.at(-1);
  return last
    ? { areas: last, before: before.slice(0, -1), after: [areas, ...after] }
    : { areas, before, after };
}

export function redone({ areas, before, after }: Draft): Draft {
  const next = after[0];
  return next ? { areas: next, before: [...before, areas], after: after.slice(1) } : { areas, before, after };
}

export function set(areas: Area[], id: string, change: Partial<Area>): Area[] {
  return areas.map((one) => (one.id === id ? { ...one, ...change } : one));
}

export function moveCorner(areas: Area[], id: string, at: number, to: Spot): Area[] {
  return onCorners(areas, id, (corners) => corners.map((one, index) => (index === at ? pair(to) : one)));
}

/** In the middle of the edge behind this corner. */
export function addCorner(areas: Area[], id: string, at: number): Area[] {
  return onCorners(areas, id, (corners) => {
    const [x1, y1] = corners[at] ?? [0, 0];
    const [x2, y2] = corners[(at + 1) % corners.length] ?? [x1, y1];
    return [...corners.slice(0, at + 1), pair([(x1 + x2) / 2, (y1 + y2) / 2]), ...corners.slice(at + 1)];
  });
}

/** Three corners are the fewest that enclose anything. */
export function dropCorner(areas: Area[], id: string, at: number): Area[] {
  return onCorners(areas, id, (corners) =>
    corners.length > FEWEST ? corners.filter((_, index) => index !== at) : corners,
  );
}

function onCorners(areas: Area[], id: string, change: (corners: Area["corners"]) => Area["corners"]): Area[] {
  return areas.map((one) => (one.id === id ? { ...one, corners: change(one.corners) } : one));
}

/** A new area stands before the first that is larger: where areas overlap, the first one counts. */
export function add(areas: Area[], area: Area): Area[] {
  const place = areas.findIndex((one) => sizeOf(one.corners) > sizeOf(area.corners));
  const at = place < 0 ? areas.length : place;
  return [...areas.slice(0, at), area, ...areas.slice(at)];
}

export function drop(areas: Area[], id: string): Area[] {
  return areas.filter((one) => one.id !== id);
}

/** Along the line from one corner to another; neighbours leave nothing on one side. */
export function split(areas: Area[], id: string, one: number, other: number): Area[] {
  const area = areas.find((each) => each.id === id);
  const [first, last] = [Math.min(one, other), Math.max(one, other)];
  if (!area) return areas;
  const inner = area.corners.slice(first, last + 1);
  const outer = [...area.corners.slice(0, first + 1), ...area.corners.slice(last)];
  if (inner.length < FEWEST || outer.length < FEWEST) return areas;
  const half = { ...area, id: freeId(areas, id), corners: inner };
  const left = add(drop(areas, id), { ...area, corners: outer });
  return add(left, half);
}

/** Areas from elsewhere: one of the same id takes the place of ours, keeping what GeoJSON does not tell. */
export function merged(areas: Area[], others: Area[]): Area[] {
  let found = areas;
  for (const other of others) {
    const same = found.find((one) => one.id === other.id);
    found = add(
      drop(found, other.id),
      same ? { ...same, ...other, ppe: same.ppe, authorised_only: same.authorised_only } : other,
    );
  }
  return found;
}

export function freeId(areas: Area[], like: string): string {
  const taken = new Set(areas.map((one) => one.id));
  for (let number = 2; ; number += 1) {
    const id = `${like}-${number}`;
    if (!taken.has(id)) return id;
  }
}

/** A new area of this outline. */
export function fresh(areas: Area[], corners: Spot[], name: { zh: string; en: string }): Area {
  return {
    id: freeId(areas, "area"),
    name,
    corners: corners.map(pair),
    floor_m: null,
    ceiling_m: null,
    ppe: [],
    authorised_only: false,
  };
}

/** The area that counts at a spot: the first that holds it. */
export function areaAt(areas: readonly Area[], spot: Spot): Area | undefined {
  return areas.find(({ corners }) => holds(corners, spot));
}

function holds(corners: readonly Spot[], [x, y]: Spot): boolean {
  let inside = false;
  for (const [index, [x1, y1]] of corners.entries()) {
    const [x2, y2] = corners[(index + 1) % corners.length] ?? [x1, y1];
    if (y1 > y !== y2 > y && x < x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)) inside = !inside;
  }
  return inside;
}

/** Onto a corner nearby, else onto an edge nearby, else where it is, to the centimetre. */
export function snapped(
  areas: Area[],
  spot: Spot,
  reach_m: number,
  but: { id: string; at: number } | null,
): Spot {
  const corners = areas.flatMap(({ id, corners: all }) =>
    all.filter((_, index) => but === null || id !== but.id || index !== but.at),
  );
  const corner = nearest(corners, spot);
  if (corner && distance(corner, spot) <= reach_m) return corner;
  const edges = areas
    .filter((one) => one.id !== but?.id)
    .flatMap(({ corners: all }) =>
      all.map((one, index) => onEdge(one, all[(index + 1) % all.length] ?? one, spot)),
    );
  const edge = nearest(edges, spot);
  return pair(edge && distance(edge, spot) <= reach_m ? edge : spot);
}

function nearest(spots: readonly Spot[], to: Spot): Spot | null {
  return spots.reduce<Spot | null>(
    (best, one) => (best === null || distance(one, to) < distance(best, to) ? one : best),
    null,
  );
}

function onEdge([x1, y1]: Spot, [x2, y2]: Spot, [x, y]: Spot): Spot {
  const squared = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const along = squared === 0 ? 0 : ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / squared;
  const part = Math.min(Math.max(along, 0), 1);
  return [x1 + part * (x2 - x1), y1 + part * (y2 - y1)];
}

function distance([x1, y1]: Spot, [x2, y2]: Spot): number {
  return Math.hypot(x2 - x1, y2 - y1);
}

function sizeOf(corners: readonly Spot[]): number {
  const twice = corners.reduce((sum, [x1, y1], index) => {
    const [x2, y2] = corners[(index + 1) % corners.length] ?? [x1, y1];
    return sum + x1 * y2 - x2 * y1;
  }, 0);
  return Math.abs(twice) / 2;
}

function pair([x, y]: Spot): [number, number] {
  return [Math.round(x * CENTIMETRES) / CENTIMETRES, Math.round(y * CENTIMETRES) / CENTIMETRES];
}
