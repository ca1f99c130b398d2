/** What was measured, over hours and days. */

import type { Words } from "../../words/words.ts";

export interface Curve {
  from_utc: number;
  step_s: number;
  levels: (number | null)[];
  quality: string[];
}

/** What was decided about a channel, or about work that is bound to it. */
export interface Mark {
  seq: number;
  type: string;
  subject: string;
  at_utc: number;
  words: Words;
}

/** One channel in parts of `step_s`; null where it told no number, "-" where the box has not recorded all of it. */
export interface History {
  channel: string;
  from_utc: number;
  step_s: number;
  low: (number | null)[];
  mean: (number | null)[];
  high: (number | null)[];
  quality: string[];
  marks: Mark[];
  more: boolean; // there are older marks than these
}

export interface Histories {
  channels: History[];
}
