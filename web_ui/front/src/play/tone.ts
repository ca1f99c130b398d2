/** How a permit of the past looks at a glance. Pure. */
import type { PermitSpell } from "../api/shapes/incident.ts";
import type { Tone } from "../duty/tone.ts";

const TONES: Record<string, Tone> = {
  received: "waiting",
  ready: "waiting",
  active: "may_work",
  paused: "stopped",
  suspended: "stopped",
  resume_check: "stopped",
  fire_watch: "watch",
  closed: "over",
  expired: "over",
  revoked: "over",
};

/** A state that this page does not know is unknown, never fine. */
export function toneThen(one: PermitSpell): Tone {
  return one.evacuate ? "evacuate" : (TONES[one.state] ?? "unknown");
}
