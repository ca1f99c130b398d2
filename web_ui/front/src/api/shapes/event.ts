/** One event with what was measured and seen before it. */

import type { Curve } from "./history.ts";
import type { Happened } from "./live.ts";
import type { Rectified } from "./righting.ts";

export interface Way {
  from_utc: number;
  step_s: number;
  places: (readonly [number, number] | null)[];
}

/** A gas channel as an event keeps it. */
export interface Sampled {
  channel: string;
  gas: string;
  level: number | null;
  unit: string;
  quality: string;
  age_s?: number | null;
}

/** The wind as an event keeps it. */
export interface Blown {
  station: string;
  mps: number | null;
  quality: string;
  age_s?: number | null;
}

/** A film or a picture of an event, as the records know it. */
export interface Filmed {
  name: string;
  kind: string;
  camera: string;
  sha256: string;
  size: number;
  began_utc: number;
  ended_utc: number;
  clock_trusted: boolean;
  whole: boolean;
}

/** One event with what was measured and seen before it. `data` is as the event's kind has it: nothing is sure. */
export interface EventPage {
  event: Happened;
  data: {
    code?: unknown;
    notify?: string[];
    place?: { area?: string; by?: string; x_m?: number | null; y_m?: number | null };
    gas?: Sampled[];
    wind?: Blown[];
    devices?: string[];
    [more: string]: unknown;
  };
  evidence: { curves: Record<string, Curve>; ways: Record<string, Way>; stills: string[] } | null;
  kept: Filmed[];
  tickets: Rectified[];
  faces: boolean;
}
