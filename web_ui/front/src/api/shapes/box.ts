/** The box itself: what it is, how its clock is kept, what feeds it. */

import type { Words } from "../../words/words.ts";

export interface Box {
  claimed: boolean | null; // null: the agent does not answer
  name: Words;
  unit: string;
  demo: boolean;
  time_utc: number;
  timezone: string;
  ca_fingerprint: string | null;
}

/** How the box's own clock is kept. */
export interface BoxClock {
  trusted: boolean;
  source: string; // kernel or declared
  kept_by: string[];
  since_utc: number;
  offset_s: number | null;
  error_s: number | null;
  drift_ppm: number | null;
  chip_off_s: number | null; // null: no clock on a battery
  means: Words;
}

/** What feeds the box; null is "not known", and never fine. */
export interface BoxSupply {
  asked: "kernel" | "nut" | "contacts" | "none";
  on_mains: boolean | null;
  since_utc: number | null;
  charge_pct: number | null;
  minutes: number | null; // as the supply says
  why: Words;
  wrong: Words;
  measured_min: number | null; // at commissioning
  measured_utc: number | null;
  measured_void: boolean;
  job: string;
  lasts: boolean | null; // until that ends
  means: Words;
}
