/** Whether a channel tells of danger: a bottle's gas in an announced test, where nobody works, is none. */
import type { Gas } from "../api/shapes/gas.ts";

export function dangerous(gas: Gas): boolean {
  return (gas.danger || gas.device_alarm) && gas.bump?.alarms !== false;
}
