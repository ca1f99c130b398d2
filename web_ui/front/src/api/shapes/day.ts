/** The figures of one day. */

import type { Words } from "../../words/words.ts";

/** One indicator of the day; a value that this box cannot say is null. */
export interface Indicator {
  row: string;
  name: Words;
  target: Words;
  value_pct: number | null;
  before_pct: number | null;
  met: boolean | null;
  here: boolean; // counted here: then no value means that there was nothing to count
  counts: Words;
  lacks: Words;
}

export interface DayTable {
  date: string;
  site: Words;
  unit: string;
  demo: boolean;
  running: boolean;
  whole: Words; // what was not counted
  indicators: Indicator[];
  begins_utc?: number | null; // it lies before anything was counted here
}
