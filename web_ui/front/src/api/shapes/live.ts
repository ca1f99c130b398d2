/** The live picture (edge_agent/tell/live.py): alarms, neighbours, what happened lately, and all of it together. */

import type { Words } from "../../words/words.ts";
import type { BoxClock, BoxSupply } from "./box.ts";
import type { Gas, Gauge, OtherDevice, Wind } from "./gas.ts";
import type { Permit } from "./permit.ts";
import type { Camera, Switched, Wearable, Wearer } from "./seen.ts";

export interface Alarm {
  key: string;
  permit: string;
  title: Words;
  detail: Words;
  action: Words;
  priority: number;
  state: string;
  since_utc: number;
  code: string;
  act_within_s: number;
  card: Record<string, Words>;
  overridden: boolean;
  drill: boolean;
  note: boolean; // below the guard's four words
}

/** Another box of the site; of a silent one the last word stands. */
export interface Neighbour {
  id: string;
  name: Words;
  heard: boolean;
  age_s: number | null; // null: never heard since this box came up
  works: number;
  under_way: number;
  leave_here: boolean; // people leave here because they leave there
  alarms: { code: string; leave: boolean; title: Words; detail: Words }[];
}

export interface Happened {
  seq: number;
  type: string;
  subject: string;
  at_utc: number;
  words: Words;
  permit: string;
  priority: number;
}

export interface Measured {
  count: number;
  sum_s: number;
  longest_s: number;
}

/** The figures of the day so far; empty before the first. */
export interface Today {
  date?: string;
  starts?: number;
  starts_on_time?: number;
  stops_by_rule?: Record<string, number>;
  stops_by_blame?: Record<string, number>;
  near_miss_candidates?: Record<string, number>;
  acknowledged?: Measured;
  first_sample_to_decision?: Measured;
  drills?: number;
  ppe?: { camera: string; should_check: number; not_assessable: number; compliant_pct: number | null }[];
}

/** Two works that must not meet, or that somebody must coordinate. */
export interface Clash {
  one: string;
  other: string;
  effect: string; // block or coordinate
  distance_m: number;
  words: Words;
  waits: string[]; // stopped or refused for it now
  linked: boolean; // one job with two tickets
}

export interface Live {
  at_utc: number;
  site: string;
  unit: string;
  name: Words;
  demo: boolean;
  rulebook: string;
  clock_trusted: boolean;
  centre: boolean; // false: the site has declared that it has none
  uplink_ok: boolean | null;
  uplink_detail: Words;
  waiting: number; // events that the centre has not acknowledged
  permits: Permit[];
  gas: Gas[];
  wind: Wind[];
  gauges: Gauge[];
  people: Wearer[];
  wearables: Wearable[];
  devices: OtherDevice[];
  cameras: Camera[];
  outputs: Switched[];
  alarms: Alarm[];
  events: Happened[];
  neighbours: Neighbour[];
  clashes: Clash[];
  today: Today;
  shift: Words;
  clock: BoxClock | null;
  supply: BoxSupply | null;
  shadow: Words[]; // what is in shadow now, until when, on whose word
}

/** The card of one code: what it is, what to do, and what each role does. */
export interface Guide {
  code: string;
  title: Words;
  cause: Words;
  consequence: Words;
  action: Words;
  card?: Record<string, Words>;
}
