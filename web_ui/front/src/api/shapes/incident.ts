/** An incident, minute by minute, and what another limit would have done. */

import type { Words } from "../../words/words.ts";
import type { Way } from "./event.ts";
import type { Curve } from "./history.ts";
import type { Happened } from "./live.ts";
import type { Reason } from "./permit.ts";

/** A gas channel of an incident, with the limits that decided. */
export interface IncidentGas {
  id: string;
  name: Words;
  gas: string;
  unit: string;
  limits: { warn: number | null; stop: number | null; low_stop: number | null };
}

export interface AlarmSpell {
  key: string;
  rule: string;
  code: string;
  permit: string;
  title: Words;
  detail: Words;
  action: Words;
  priority: number;
  from_utc: number;
  until_utc: number | null; // null: it still stood at the end
}

export interface PermitSpell {
  permit: string;
  type: string;
  area: string;
  state: string;
  evacuate: boolean;
  causes: Reason[];
  from_utc: number;
  until_utc: number | null;
}

export interface OutputSpell {
  device: string;
  name: Words;
  channel: string;
  does: string;
  on: boolean;
  from_utc: number;
  until_utc: number | null;
}

export interface Happening extends Happened {
  who: string[];
  why: Words[];
}

export interface IncidentStill {
  seq: number;
  camera: string;
  at_utc: number;
}

/** Minutes of the past, decided again from the recorded inputs. */
export interface Incident {
  from_utc: number;
  to_utc: number;
  again: { decided: number; agree: number; recorded: number; same_settings: boolean };
  restarts: number[];
  gas: IncidentGas[];
  curves: Record<string, Curve>;
  ways: Record<string, Way>; // by person
  names: Record<string, string>; // of people
  alarms: AlarmSpell[];
  permits: PermitSpell[];
  outputs: OutputSpell[];
  happenings: Happening[];
  stills: IncidentStill[];
  limits: { key: string; value: number; unit: string; source: Words }[];
  rules: { name: string; code: string; title: Words }[];
  cut: boolean;
}

export interface Tally {
  stops: number;
  stopped_s: number;
  worked_s: number;
  alarms: number;
  called_out: number;
  refused: number;
}

/** A stop or an alarm that one run has and the other has not, or has at another time. */
export interface Difference {
  what: "stop" | "alarm";
  permit: string;
  code: string;
  title: Words;
  detail: Words;
  was_utc: number | null;
  was_s: number | null;
  then_utc: number | null;
  then_s: number | null;
}

export interface WhatIf {
  from_utc: number;
  to_utc: number;
  changed: {
    key: string;
    rule: string;
    title: Words;
    was: number | null;
    tried: number | null;
    unit: string;
  }[];
  step_s: number;
  steps: number;
  took_s: number;
  restarts: number[];
  same_settings: boolean;
  was: Tally;
  tried: Tally;
  differences: Difference[];
  cut: boolean;
}

/** What is asked for of the past, and what came of it. */
export interface Calculation {
  id: string;
  running: boolean;
  incident: Incident | null;
  what_if: WhatIf | null;
  verified: { holds: boolean; said: Words[] } | null;
  failed: Words;
}

export interface Minutes {
  from_utc: number;
  to_utc: number;
}

export interface Otherwise extends Minutes {
  limits: Record<string, number>;
  without: string[];
}
