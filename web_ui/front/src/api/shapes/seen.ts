/** Who and what is seen: wearables and their wearers, cameras, outputs. */

import type { Words } from "../../words/words.ts";

/** One wearable of the site; null: never heard, or not said. */
export interface Wearable {
  id: string;
  name: Words;
  wearer: string; // "": a spare one
  wearer_name: string;
  heard: boolean;
  heard_s: number | null;
  placed_s: number | null;
  worn: boolean | null;
  battery_pct: number | null;
  low: boolean; // so little charge that its wearer is told
  promised_s: number;
  intervals: number;
  p50_s: number | null;
  p99_s: number | null;
}

/** What a sensor of his own says of an item: worn, missing or unsure, and for how long. */
export interface WornItem {
  item: string;
  name: Words;
  state: string;
  for_s: number | null;
}

export interface Wearer {
  id: string;
  name: string;
  roles: string[];
  x_m: number | null;
  y_m: number | null;
  area: Words | null;
  area_id: string;
  age_s: number | null;
  fresh: boolean;
  worn: WornItem[];
}

export interface Camera {
  id: string;
  name: Words;
  view: string;
  age_s: number | null;
  persons: number | null;
  persons_in: { area: Words; persons: number }[];
  placed?: { track: number; x_m: number; y_m: number; accuracy_m: number }[]; // whom it sees, on the plan
  passed?: { area: Words; ins: number; outs: number; sure: boolean }[];
  ppe?: {
    compliant: number;
    missing: number;
    not_assessable: number;
    people: { track: number; overall: string; items: WornItem[] }[];
  } | null;
}

export interface Switched {
  device: string;
  name: Words;
  channel: string;
  does: string;
  wanted_on: boolean;
  feedback_closed: boolean | null;
  contact?: boolean; // whether it has a feedback contact
  seen?: { by: string; name: string; at_utc: number; until_utc: number } | null; // whose word there is without one
}
