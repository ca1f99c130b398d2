/** What a safety officer decides: how long, about which rule, what a drill plays. Pure. */
import type { Gas } from "../api/shapes/gas.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { Words } from "../words/words.ts";

const USUAL_S = [10, 30, 60, 300, 600, 1800, 3600, 14400];
const MOST_CHOICES = 4;

/** The usual times that are not too long, the longest four; or the longest itself where all are. */
export function timesUpTo(longest_s: number): number[] {
  const usual = USUAL_S.filter((one) => one <= longest_s).slice(-MOST_CHOICES);
  return usual.length > 0 ? usual : [longest_s];
}

/** What a rule or an alarm that a step names is called; its id where the list shows it no more. */
export function titleOf(named: string, live: Live, permit: Permit): Words {
  const alarm = live.alarms.find((one) => one.key === named || one.key.startsWith(`${named}|${permit.id}|`));
  const running = permit.overrides.find((one) => one.rule === named);
  return alarm?.title ?? running?.title ?? { zh: named, en: named };
}

export type Played = "gas" | "silence" | "guard_gone" | "uplink_cut" | "power_cut";
export const PLAYED: readonly Played[] = ["gas", "silence", "guard_gone", "uplink_cut", "power_cut"];

export interface Plan {
  name: string;
  kinds: Played[]; // none: the box throws dice
  source: string; // the detector whose value is played, or that falls silent
  longest_s: number;
}

/** What the box takes; null while something is missing. */
export function drillOf(plan: Plan, gas: Gas[], seed: number): Record<string, unknown> | null {
  const name = plan.name.trim();
  const source = sourcesOf(plan, gas).find((one) => one.id === plan.source);
  if (!name || (plan.kinds.some(needsSource) && !source)) return null;
  const { longest_s } = plan;
  if (plan.kinds.length === 0) return { name, seed, longest_s };
  const steps = plan.kinds.map((kind) => ({
    ...{ after_s: 0, kind },
    ...(needsSource(kind) && source ? { source: source.id } : {}),
    ...(kind === "gas" && source ? { level: dangerous(source), unit: source.unit } : {}),
  }));
  return { name, steps, longest_s };
}

export const needsSource = (kind: Played) => kind === "gas" || kind === "silence";

/** The detectors that can play it: a value needs a limit that it breaks. */
export function sourcesOf(plan: Plan, gas: Gas[]): Gas[] {
  return plan.kinds.includes("gas") ? gas.filter((one) => dangerous(one) !== null) : gas;
}

/** A level that stops the work: half the lower limit, or twice the upper one. */
function dangerous({ limits: { stop, low_stop } }: Gas): number | null {
  if (low_stop !== null) return low_stop / 2;
  return stop === null ? null : 2 * stop;
}
