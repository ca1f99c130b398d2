/** In which order alarms are told: those of one permit together, what came first of them first. Pure. */
import type { Alarm } from "../api/shapes/live.ts";

export interface Listed {
  alarm: Alarm;
  first: boolean; // it came before all others of its permit: the cause is more likely here than in what followed
}

/** Whether it is an alarm now: a finding that still waits for its delay, or one kept silent, is none. */
export function calls(alarm: Alarm): boolean {
  return alarm.state === "unack_active" || alarm.state === "ack_active" || alarm.state === "unack_rtn";
}

export function mustBeAcknowledged(alarm: Alarm): boolean {
  return alarm.state === "unack_active" || alarm.state === "unack_rtn";
}

export function ordered(alarms: readonly Alarm[]): Listed[] {
  const permits = [...new Set(alarms.map((one) => one.permit))];
  const groups = permits.map((permit) => withFirst(alarms.filter((one) => one.permit === permit)));
  const worst = (group: Listed[]) => Math.min(...group.map(({ alarm }) => rank(alarm)));
  return groups.sort((a, b) => worst(a) - worst(b) || oldest(a) - oldest(b)).flat();
}

function withFirst(group: Alarm[]): Listed[] {
  const standing = group.filter(calls).sort((a, b) => a.since_utc - b.since_utc || a.priority - b.priority);
  const first = standing.length > 1 ? standing[0] : undefined;
  return group
    .map((alarm) => ({ alarm, first: alarm === first }))
    .sort(
      (a, b) =>
        Number(b.first) - Number(a.first) ||
        rank(a.alarm) - rank(b.alarm) ||
        a.alarm.since_utc - b.alarm.since_utc,
    );
}

const rank = (alarm: Alarm) => (calls(alarm) ? alarm.priority : alarm.priority + 10);
const oldest = (group: Listed[]) => Math.min(...group.map(({ alarm }) => alarm.since_utc));
