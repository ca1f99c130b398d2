/** The cameras: what the settings say of each, how it is, and its live picture with what was seen in it. */
import type { Words } from "../words/words.ts";
import { call, pictureNow } from "./client.ts";

export type Corner = [number, number]; // fractions of the picture
export type Box = [number, number, number, number];

export interface PictureZone {
  id: string;
  area: string;
  corners: Corner[];
  post: boolean;
  stop_on_entry: boolean;
}

export interface PlanPoint {
  picture: Corner;
  plan_m: Corner;
}

export interface Opening {
  id: string;
  area: string;
  line: Corner[];
  inward: Corner;
  mouth: Corner[];
}

export interface CameraHealth {
  come_hz: number | null;
  judged_hz: number | null;
  late_s: number | null;
  model: string;
  detail: Words;
}

export interface CameraSet {
  id: string;
  name: Words;
  model: string;
  fps: number;
  areas: PictureZone[];
  openings: Opening[];
  on_plan: PlanPoint[];
  residual_m: number | null;
  hide: Box[];
  turns: boolean;
  health: CameraHealth | null;
}

export interface CameraSets {
  sha256: string;
  cameras: CameraSet[];
  fault: Words;
  faces: boolean;
}

/** One person in one picture. What is not here was not looked for. */
export interface SeenPerson {
  track: number;
  box: Box;
  score: number;
  zones?: string[];
  ppe?: Record<string, string>;
}

/** What was concluded from one picture. `whole`: all of it is hidden. */
export interface Shown {
  camera: string;
  seq: number;
  age_s: number;
  view: string;
  whole: boolean;
  persons: SeenPerson[];
  things: { box: Box; label: string }[];
}

/** By how many metres points of the floor miss the plan; null: they fix no view. Changes nothing. */
export async function fitOf(on_plan: PlanPoint[]): Promise<number | null> {
  return (await call<{ residual_m: number | null }>("POST", "/cameras/fit", { on_plan })).residual_m;
}

export function camerasNow(): Promise<CameraSets> {
  return call<CameraSets>("GET", "/cameras");
}

/** The picture after number `after`; null: there is none yet. `anew`: somebody opens it just now. */
export async function pictureAfter(
  camera: string,
  after: number,
  anew: boolean,
): Promise<{ picture: Blob; shown: Shown } | null> {
  const query = `?after=${after}${anew ? "&anew=1" : ""}`;
  const found = await pictureNow(`/cameras/${encodeURIComponent(camera)}/picture${query}`);
  return found && { picture: found.picture, shown: JSON.parse(found.seen) as Shown };
}
