/** What is below the guard's four words (a battery, a date that comes near) is for whoever can do something about it. */
import type { Alarm } from "../api/shapes/live.ts";

const AT_THE_POINT = new Set(["guard", "worker", "holder", "tester"]);

/** Whether somebody has no other role than those at the point; whose roles are not known is not. */
export function atThePoint(roles: readonly string[]): boolean {
  return roles.length > 0 && roles.every((role) => AT_THE_POINT.has(role));
}

/** Notes are left out; what warns, stops or calls people out never is. */
export function heeded(alarms: readonly Alarm[], roles: readonly string[]): Alarm[] {
  return atThePoint(roles) ? alarms.filter((one) => !one.note) : [...alarms];
}
