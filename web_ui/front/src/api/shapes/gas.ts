/** What is measured: gas, wind and other figures, and what is vouched for of the detectors. */

import type { Words } from "../../words/words.ts";

/** With minutes missing it shows no limit as kept. */
export interface Average {
  value: number;
  missing_min: number;
}

export interface Gas {
  id: string;
  name: Words;
  gas: string;
  level: number | null;
  unit: string;
  quality: string;
  age_s: number | null;
  danger: boolean;
  device_alarm: boolean;
  stel: Average | null; // over 15 minutes
  twa: Average | null; // over 8 hours
  limits: { warn: number | null; stop: number | null; low_stop: number | null };
  trend_per_min: number | null;
  area_id: string;
  record: Vouched | null; // null: nobody vouches for it
  bump: Bump | null; // under way
  bump_pct: number; // how far from the bottle's value counts as met
  calibration_days: number; // how far ahead a calibration's last day may lie
  against: Words; // why no work may begin with it, by its record
}

/** A bump test under way. */
export interface Bump {
  by: string;
  level: number; // what the bottle says
  unit: string;
  within_pct: number;
  nearest: number | null;
  met: number; // so many words in a row that show the gas
  left_s: number;
  over: boolean; // passed or failed: its gas has to leave the detector
  alarms: boolean; // people are at work there: its gas is an alarm like any other
}

/** Any device that is no gas detector. */
export interface OtherDevice {
  id: string;
  name: Words;
  kind: string;
  record: Vouched | null;
  wanted: boolean; // the rulebook asks for a record, and there is none that holds
}

/** What is vouched for of a detector; null: nobody has said so. */
export interface Vouched {
  status: string;
  calibration_due_utc: number | null;
  bump_tested_utc: number | null;
  bump_due: boolean; // a bump test is asked for each day, and today there was none
  self_test_ok: boolean | null;
  valid_until_utc: number | null;
  bump_failed_utc: number | null; // none has passed since
}

/** The wind by one weather station. */
export interface Wind {
  id: string;
  name: Words;
  mps: number | null;
  quality: string;
  age_s: number | null;
  stop_mps: number | null; // the lowest at which open work stops here
  danger: boolean;
}

/** A temperature, a level ... with the site's own limits. */
export interface Gauge {
  id: string;
  name: Words;
  what: Words;
  level: number | null;
  unit: string;
  quality: string;
  age_s: number | null;
  crossed: string; // high_high, high, low, low_low; "" for none
  limits: Record<string, number>;
  area_id: string;
  interlock: string; // holds, tripped, missing; "" for none
}
