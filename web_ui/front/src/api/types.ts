/** What the box sends: the shapes of web_ui/shapes_*.py and of the live picture (edge_agent/tell/live*.py). */

import type { Words } from "../words/words.ts";
import type { Probed } from "./shapes.gen.ts";

export interface Who {
  id: string;
  name: string;
  roles: string[];
  areas: string[];
  language: string;
}

export interface Certificate {
  number: string;
  scopes: string[];
  valid_to_utc: number;
  status?: "valid" | "suspended" | "revoked";
  checked_utc?: number | null;
}

/** What lets somebody work, sign and be found. */
export interface Qualification {
  tag: string | null;
  certificates: Certificate[];
  training_ok_until_utc: number | null;
  daily_class_utc: number | null;
  signs_as: string[];
  contractor: string;
  team: string;
}

export interface Known extends Who {
  denied: boolean;
  until_utc: number | null; // an outside inspector's last second
  qualification: Qualification | null; // told to those who administer the box or answer for the work
}

export interface Session {
  who: Who | null; // null: the box's own screen, which is nobody
  key: string | null;
  csrf: string;
  until_utc: number;
  panel: boolean;
}

export interface Box {
  claimed: boolean | null; // null: the agent does not answer
  name: Words;
  unit: string;
  demo: boolean;
  time_utc: number;
  timezone: string;
  ca_fingerprint: string | null;
}

export interface Answer {
  request: string;
  accepted: boolean;
  reasons: Words[];
  wait_s: number | null; // when to try again
  log_in: boolean; // the log-in of this device is over
}

export interface ErrorBody {
  code: string;
  cause: Words;
  next: Words;
  wait_s: number | null;
}

/** A request as its person fills it in; who asks and the count are added when it is signed. */
export interface Form {
  ask: string;
  permit?: string;
  alarm?: string;
  about?: string[];
  samples?: Sample[];
  people_inside?: number;
  tools?: number;
  reason?: string;
  presence_code?: string;
  rule?: string;
  wearable?: string;
  for_s?: number;
  drill?: Record<string, unknown>;
  photo?: string; // a JPEG, base64
  report?: { kind: string; area?: string; note?: string };
  ticket?: Record<string, unknown>;
  record?: Record<string, unknown>;
  settings?: SettingsChange;
  look?: Record<string, unknown>;
  commission?: Record<string, string | number | boolean>;
  test?: Record<string, unknown>;
  token?: Record<string, unknown>;
  new_pin?: string;
  new_badge?: string;
  pin?: string;
  badge?: string;
}

export interface Sample {
  gas: string;
  level: number;
  unit: string;
  place: string;
}

export interface Reason {
  title: Words;
  detail: Words;
  since_utc: number | null;
  pause_class: string;
}

export interface Named {
  id: string;
  name: string;
}

export interface Step {
  ask: string;
  words: Words;
  who: string[];
  persons: string[];
  fresh: boolean;
  about: string[];
  longest_s: number | null; // how long it may last; 0 takes back what lasts
}

export interface TestedGas {
  gas: string;
  words: Words;
  unit: string;
  places: string[];
  any_of: string[];
}

export interface Measure {
  id: string;
  kind: string;
  words: Words;
  confirmed_by: string | null;
  at_utc: number | null;
}

export interface Head {
  id: string;
  name: string;
  where: "inside" | "out" | "unknown";
  area: Words | null;
  age_s: number | null;
}

export interface HeadCount {
  area: Words;
  x_m: number;
  y_m: number;
  counted: number; // by the guard's list of entries
  seen: number; // by their wearables
  people: Head[];
}

/** One rule that a safety officer lets be. */
export interface Override {
  rule: string;
  title: Words;
  who: string;
  reason: string;
  until_utc: number;
}

export interface Hole {
  feed: Words;
  from_utc: number;
  until_utc: number | null; // null: still blind
}

export interface Coverage {
  guarded_pct: number | null;
  holes: Hole[];
  more: number;
}

export interface Permit {
  id: string;
  type: string;
  level: string;
  area: Words;
  area_id: string;
  content: Words;
  outdoor: boolean;
  pipe: string;
  scopes: Words[]; // what certificates must cover beside the kind of work
  linked: string[]; // tickets of the same job
  left_out: Words[]; // measures that the kind of work asks for and this ticket does not hold
  state: string;
  since_utc: number;
  ends_utc: number;
  near_end: boolean;
  begins_utc: number; // of its ticket; 0: not told
  holder: string;
  holder_id: string;
  guard: string | null;
  guard_id: string | null;
  guards: Named[];
  workers: Named[];
  causes: Reason[];
  standing: Reason[];
  signatures: string[];
  evacuate: boolean;
  drill: string;
  shadow: boolean;
  word: string;
  instruction: Words;
  cards: Record<string, Words>;
  overrides: Override[];
  headcount: HeadCount | null;
  coverage: Coverage | null; // null before work began
  point: { x_m: number; y_m: number } | null;
  inside: (Named & { since_utc: number })[];
  tools_inside: number;
  gas: string[];
  cameras: string[];
  wind: string[]; // weather stations that speak for it
  wind_stop_mps: number | null; // null: no wind stops it
  next: Step[];
  lacking: { capacity: string; words: Words; persons: string[] }[];
  needs_retest: boolean;
  test: { gases: TestedGas[] };
  measures: Measure[];
  handover: { id: string; words: Words }[];
  pending: { version: number; changes: Words[] } | null;
  claim: { person: string; name: string } | null;
  fire_watch: { left_s: number } | null;
  guard_presence: {
    state: "present" | "asked" | "doubtful";
    since_utc: number;
    words: Words;
    press_by_utc: number | null;
    by_screen: boolean; // his wearable gives no place: the box's screen shows him (its code, his badge there)
  } | null;
}

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

/** One finding of the doctor; the layer counts from the settings (0) and the plug (1) up to the value (7). */
export interface Finding {
  part: string;
  layer: number;
  standing: "fine" | "fault" | "unseen";
  code: string;
  says: Words;
  remedy: Words;
}

export interface Looked {
  at_utc: number;
  findings: Finding[];
  failed: Words;
}

export interface Look {
  running: boolean;
  last: Looked | null;
}

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

/** The card of one code: what it is, what to do, and what each role does. */
export interface Guide {
  code: string;
  title: Words;
  cause: Words;
  consequence: Words;
  action: Words;
  card?: Record<string, Words>;
}

export interface PlanArea {
  id: string;
  name: Words;
  corners: [number, number][]; // metres, x east, y north
}

/** A small change of a file of the settings: keys from the outside in, an entry of a list by its number. */
export interface Edit {
  do: "set" | "add" | "remove" | "secret" | "login";
  at: (string | number)[];
  value?: unknown;
}

export interface FileChange {
  file: string;
  before: string; // the hash of the text that it was drawn up from
  text?: string;
  edits?: Edit[];
}

export interface SettingsChange extends FileChange {
  also?: FileChange[]; // taken together, or not at all
  probe?: string; // with check_only: a detector to look at, as the change has it
  check_only?: true;
  upload?: string; // a whole site that was sent in parts under this hash: then the files name only what stands now
  interlocks_off?: string[]; // outputs that may fall with it: whoever signs has agreed
}

/** What is called how in both languages, and what is meant by it here. */
export interface Term {
  called: Words;
  means: Words;
}

/** One key of the settings: what may stand there, and what people call it. */
export interface SettingsField {
  key: string;
  kind: SettingsKind;
  required: boolean;
  default: unknown;
  choices: (string | number)[];
  least: number | null;
  most: number | null;
  above: number | null;
  spelt: Words;
  unit: string;
  secret: boolean;
  refers: string;
  called: Words;
  help: Words;
  fields: SettingsField[];
}

export type SettingsKind =
  | "text"
  | "whole"
  | "number"
  | "flag"
  | "choice"
  | "choices"
  | "texts"
  | "words"
  | "table"
  | "tables"
  | "rows"
  | "data";

export interface Settings {
  sha256: string;
  values: Record<string, unknown>;
  fields: SettingsField[];
  known: Record<string, string[]>;
}

export interface SettingsFile {
  file: string;
  sha256: string;
  text: string;
}

/** One limit of the rulebook; `way`: how it may be moved without a signature. */
export interface BookLimit {
  key: string;
  at: string[];
  about: Words;
  value: number;
  usual: number | null; // as the shipped book has it
  unit: string;
  clause: Words;
  way: "at_most" | "at_least" | "fixed" | "free";
  listed: boolean; // it stands in a list: changed in the file
  signed_to: number | null; // how far a safety officer's signature may loosen it
  rules: { code: string; title: Words }[]; // which compare with it
}

export interface BookLimits {
  sha256: string;
  name: string;
  version: string;
  title: Words;
  loosened: number;
  next_name: string;
  next_version: string;
  next_title: Words;
  limits: BookLimit[];
}

export interface SettingsFiles {
  site: string;
  unit: string;
  made_utc: number;
  files: SettingsFile[];
}

export interface SettingsFault {
  file: string;
  key: string;
  problem: Words;
  remedy: Words;
  value: string;
}

/** What the box says to a change, or to the wish to know what it would do. */
/** How many bytes of a file in parts the box has. */
export interface PartAnswer extends Answer {
  have: number;
  whole: boolean;
}

export interface SettingsAnswer extends Answer {
  faults: SettingsFault[];
  diff: string[];
  effects: { permit: string; outputs: string[]; state: string | null; refused: boolean; words: Words }[];
  probed: Probed | null;
}

/** One area as the settings have it. */
export interface Area extends PlanArea {
  floor_m: number | null;
  ceiling_m: number | null;
  ppe: string[];
  authorised_only: boolean;
}

export interface Areas {
  sha256: string; // of the file
  areas: Area[]; // where they overlap, the first one counts
}

export interface Plan {
  areas: PlanArea[]; // the smallest first
  cameras: { id: string; areas: string[] }[];
}

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

/** Where the centre says that putting an event right stands. */
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

export interface Rectified {
  id: string;
  at_utc: number;
  words: Words;
  deadline_utc: number | null;
  over: boolean;
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

/** One thing to pick from for a direct report; `works`: for these alone, none means for all. */
export interface Hazard {
  kind: string;
  code: string;
  icon: string;
  words: Words;
  first: Words;
  urgent: "evacuate" | "pause" | "warn";
  works: string[];
}

/** One kind of work of the rulebook, as whoever draws up a ticket must know it. */
export interface WorkKind {
  type: string;
  level: string;
  words: Words;
  longest_s: number | null;
  approvals: string[];
  guards: number;
  jsa: boolean;
  video: boolean;
  pipe: boolean; // the pipe is named
  wind: boolean; // it is said whether the work is outdoors
  certificates: string[]; // what those of the workers cover anyway
  measures: { id: string; words: Words; shown_by: string }[];
}

/** A place to take as the work point; without words it is the middle of the area. */
export interface OfferedPoint {
  words: Words;
  x_m: number;
  y_m: number;
}

export interface Offers {
  works: WorkKind[];
  devices: Record<string, string[]>; // by area
  points: Record<string, OfferedPoint[]>; // by area, the middle first
  scopes: Record<string, Words>; // what a certificate can cover
  wearables: string[];
}

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
}

/** What this box knows and keeps of whoever asks. */
export interface Mine {
  known: Known;
  about: {
    records: { type: string; count: number; first_utc: number; last_utc: number }[];
    looked_at: number;
    stored: { what: Words; how_long: Words }[];
  };
}
