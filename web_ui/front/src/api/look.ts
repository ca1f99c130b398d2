/** The doctor's look at the field: begun by somebody, asked for until it is done. */
import { call } from "./client.ts";
import type { Look } from "./shapes/look.ts";

export function lastLook(): Promise<Look> {
  return call<Look>("GET", "/doctor");
}

export function lookAnew(): Promise<Look> {
  return call<Look>("POST", "/doctor");
}
