/** Some days looked at anew. */

import type { Words } from "../../words/words.ts";

export interface ReviewRow {
  cells: Words[];
  event: number | null;
  judged: string;
}

export interface ReviewPart {
  title: Words;
  heads: Words[];
  rows: ReviewRow[];
  none: Words;
}

/** Some days looked at anew (edge_agent/tell/live_review.py). */
export interface Review {
  kind: string;
  title: Words;
  site: Words;
  unit: string;
  demo: boolean;
  from_utc: number;
  until_utc: number;
  about: Words;
  whole: Words;
  parts: ReviewPart[];
}
