/** What is where: each area with its people, detectors, cameras and permits; and who is nowhere known. Pure. */

import type { Gas } from "../api/shapes/gas.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { Plan, PlanArea } from "../api/shapes/places.ts";
import type { Camera, Wearer } from "../api/shapes/seen.ts";
import { type Tile, tileOf } from "../board/look.ts";
import { ended, worstFirst } from "../duty/tone.ts";
import type { Frame, Spot } from "../event/map.ts";
import { dangerous } from "../gas/danger.ts";

export interface Place {
  area: PlanArea;
  middle: Spot;
  span_m: number; // how wide it is
  look: Tile | null; // of the worst permit there
  danger: boolean; // a detector there says so
  leave: boolean; // people must leave it
  people: Wearer[];
  gas: Gas[];
  cameras: Camera[];
  permits: Permit[];
}

export interface Places {
  all: Place[]; // the largest first, as they are drawn
  lost: Wearer[]; // whose place is not known, or not any more
  elsewhere: { gas: Gas[]; cameras: Camera[]; permits: Permit[] }; // of no area of the plan
}

export function placesOf(plan: Plan, live: Live): Places {
  const known = new Set(plan.areas.map((one) => one.id));
  const looks = new Map(plan.cameras.map((one) => [one.id, one.areas]));
  const permits = live.permits.filter((one) => !ended(one) || one.fire_watch !== null);
  const all = plan.areas.map((area): Place => {
    const here = worstFirst(permits.filter((one) => one.area_id === area.id));
    const gas = live.gas.filter((one) => one.area_id === area.id);
    return {
      area,
      middle: middleOf(area.corners),
      span_m: spanOf(area.corners),
      look: here[0] ? tileOf(here[0]) : null,
      danger: gas.some(dangerous),
      leave: here.some((one) => one.evacuate),
      people: live.people.filter((one) => one.fresh && one.area_id === area.id),
      gas,
      cameras: live.cameras.filter((one) => looks.get(one.id)?.includes(area.id)),
      permits: here,
    };
  });
  return {
    all: all.reverse(),
    lost: live.people.filter((one) => !one.fresh || (one.x_m === null && one.area_id === "")),
    elsewhere: {
      gas: live.gas.filter((one) => !known.has(one.area_id)),
      cameras: live.cameras.filter((one) => (looks.get(one.id) ?? []).length === 0),
      permits: permits.filter((one) => !known.has(one.area_id)),
    },
  };
}

/** The middle of what lies within the corners (not of the corners: many may lie on one side). */
export function middleOf(corners: readonly Spot[]): Spot {
  let [twice, x, y] = [0, 0, 0];
  for (const [index, [x1, y1]] of corners.entries()) {
    const [x2, y2] = corners[(index + 1) % corners.length] ?? [x1, y1];
    const part = x1 * y2 - x2 * y1;
    twice += part;
    x += (x1 + x2) * part;
    y += (y1 + y2) * part;
  }
  if (Math.abs(twice) > 1e-9) return [x / (3 * twice), y / (3 * twice)];
  return corners[0] ?? [0, 0];
}

export function spanOf(corners: readonly Spot[]): number {
  const xs = corners.map(([x]) => x);
  return Math.max(...xs) - Math.min(...xs);
}

/** Everything that is drawn, or one area of it, with air around it. */
export function frameOf(areas: readonly PlanArea[]): Frame {
  const spots = areas.flatMap((one) => one.corners);
  if (spots.length === 0) return { x: -10, y: -10, width: 20, height: 20 };
  const xs = spots.map(([x]) => x);
  const ys = spots.map(([, y]) => y);
  const [left, low] = [Math.min(...xs), Math.min(...ys)];
  const [width, height] = [Math.max(...xs) - left, Math.max(...ys) - low];
  const air = Math.max(width, height) * 0.04 + 0.5;
  return { x: left - air, y: low - air, width: width + 2 * air, height: height + 2 * air };
}
