/** Where people were: which part of the site is drawn, and each one's way in pieces. Pure. */
import type { Way } from "../api/shapes/event.ts";
import type { PlanArea } from "../api/shapes/places.ts";

export type Spot = readonly [number, number];

export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

const LEAST_M = 12; // less than this is no plan but a spot
const AIR = 0.15;

/** The pieces of a way: broken where the place was not known. */
export function pieces(way: Way): Spot[][] {
  const found: Spot[][] = [];
  let piece: Spot[] | null = null;
  for (const place of way.places) {
    if (!place) {
      piece = null;
    } else {
      if (piece === null) {
        piece = [];
        found.push(piece);
      }
      piece.push(place);
    }
  }
  return found;
}

export function lastPlace(way: Way): { place: Spot; age_s: number } | null {
  const index = way.places.reduce<number>((last, place, at) => (place ? at : last), -1);
  const place = way.places[index];
  return place ? { place, age_s: (way.places.length - 1 - index) * way.step_s } : null;
}

/** All that happened, and the whole area of the work; not the whole site, which may be a kilometre. */
export function frame(areas: readonly PlanArea[], spots: readonly Spot[], area_id: string): Frame {
  const of = areas.find((one) => one.id === area_id);
  const all = [...spots, ...(of?.corners ?? [])];
  const shown = all.length > 0 ? all : areas.flatMap((one) => one.corners);
  if (shown.length === 0) return { x: -LEAST_M, y: -LEAST_M, width: 2 * LEAST_M, height: 2 * LEAST_M };
  const xs = shown.map(([x]) => x);
  const ys = shown.map(([, y]) => y);
  const side = (values: number[]) => {
    const low = Math.min(...values);
    const high = Math.max(...values);
    const air = Math.max((high - low) * AIR, (LEAST_M - (high - low)) / 2);
    return { low: low - air, size: high - low + 2 * air };
  };
  const across = side(xs);
  const up = side(ys);
  return { x: across.low, y: up.low, width: across.size, height: up.size };
}
