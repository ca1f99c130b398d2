/** Who looks at the past as it was. Pure. */
const REVIEWERS = new Set(["admin", "safety_officer", "shift_lead", "auditor"]); // web_ui/access.py

export function reviews(roles: readonly string[]): boolean {
  return roles.some((role) => REVIEWERS.has(role));
}
