/** Places: the plan, its areas, points to take as a work point. */

import type { Words } from "../../words/words.ts";

export interface PlanArea {
  id: string;
  name: Words;
  corners: [number, number][]; // metres, x east, y north
}

/** One area as the settings have it. */
export interface Area extends PlanArea {
  floor_m: number | null;
  ceiling_m: number | null;
  ppe: string[];
  authorised_only: boolean;
}

export interface Areas {
  sha256: string; // of the file
  areas: Area[]; // where they overlap, the first one counts
}

export interface Plan {
  areas: PlanArea[]; // the smallest first
  cameras: { id: string; areas: string[] }[];
}

/** A place to take as the work point; without words it is the middle of the area. */
export interface OfferedPoint {
  words: Words;
  x_m: number;
  y_m: number;
}
