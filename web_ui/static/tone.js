// How a permit's tile looks, by its state (docs/domain.md 7): red under way, yellow near its end, green done.

const STOPPED = ["paused", "suspended", "resume_check"];
const WORST_FIRST = ["evacuate", "unknown", "stop", "shadow", "near", "run", "idle", "done", "dead"];
export const ENDED = ["done", "dead"];

/** A state this page does not know is unknown, never fine. */
export function tone(permit) {
  if (permit.evacuate || permit.word === "evacuate") return "evacuate";
  // Work that this box does not protect never wears the colours of work that it does.
  if (permit.shadow && !["closed", "expired", "revoked"].includes(permit.state)) return "shadow";
  if (STOPPED.includes(permit.state)) return "stop";
  if (["active", "fire_watch"].includes(permit.state)) return permit.near_end ? "near" : "run";
  if (["received", "ready"].includes(permit.state)) return "idle";
  if (permit.state === "closed") return "done";
  return ["expired", "revoked"].includes(permit.state) ? "dead" : "unknown";
}

const rank = (permit) => WORST_FIRST.indexOf(tone(permit));
export const worstFirst = (permits) => [...permits].sort((a, b) => rank(a) - rank(b));
