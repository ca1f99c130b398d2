/** What an event has shown to be wrong, and who puts it right. */

import type { Words } from "../../words/words.ts";

/** A picture that somebody took with a phone. */
export interface Photo {
  sha256: string;
  size: number;
  by: string;
  at_utc: number;
}

/** What an event has shown to be wrong, and who puts it right (edge_agent/domain/rectification.py). */
export interface Rectification {
  id: string;
  event: number;
  permit?: string;
  area?: string;
  code?: string;
  title: Words;
  detail: Words;
  hazard_class: "A" | "B" | "C";
  role: string;
  born_utc: number;
  asked_utc: number;
  deadline_utc: number;
  status?: "open" | "accepted" | "done" | "verified" | "rejected";
  status_utc: number;
  times?: number;
  taken_by?: string;
  done_by?: string;
  verified_by?: string;
  before?: Photo | null;
  after?: Photo | null;
  reason?: string;
  ticket?: string;
  owner?: string;
}

export interface Rectified {
  id: string;
  at_utc: number;
  words: Words;
  deadline_utc: number | null;
  over: boolean;
}
