/** What somebody picks from who draws up a ticket or reports something. */

import type { Words } from "../../words/words.ts";
import type { OfferedPoint } from "./places.ts";

/** One thing to pick from for a direct report; `works`: for these alone, none means for all. */
export interface Hazard {
  kind: string;
  code: string;
  icon: string;
  words: Words;
  first: Words;
  urgent: "evacuate" | "pause" | "warn";
  works: string[];
}

/** One kind of work of the rulebook, as whoever draws up a ticket must know it. */
export interface WorkKind {
  type: string;
  level: string;
  words: Words;
  longest_s: number | null;
  approvals: string[];
  guards: number;
  jsa: boolean;
  video: boolean;
  pipe: boolean; // the pipe is named
  wind: boolean; // it is said whether the work is outdoors
  certificates: string[]; // what those of the workers cover anyway
  measures: { id: string; words: Words; shown_by: string }[];
}

export interface Offers {
  works: WorkKind[];
  devices: Record<string, string[]>; // by area
  points: Record<string, OfferedPoint[]>; // by area, the middle first
  scopes: Record<string, Words>; // what a certificate can cover
  wearables: string[];
}
