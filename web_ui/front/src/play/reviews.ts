/** Who looks at the past as it was. Pure. */
const REVIEWERS = new Set(["admin", "safety_officer", "shift_lead", "auditor"]); // web_ui/access.py

const EXAMINERS = new Set([...REVIEWERS, "inspector"]);
const FILMED = new Set([...REVIEWERS, "area_owner"]);

/** Who is shown it, and may check the records: those, and an inspector of a third party. */
export function examines(roles: readonly string[]): boolean {
  return roles.some((role) => EXAMINERS.has(role));
}

/** Whoever may only look: nothing is offered to him that the box would refuse. */
export function readsOnly(roles: readonly string[]): boolean {
  return roles.includes("inspector");
}

export function seesFilms(roles: readonly string[]): boolean {
  return roles.some((role) => FILMED.has(role));
}

export function reviews(roles: readonly string[]): boolean {
  return roles.some((role) => REVIEWERS.has(role));
}
