/** The doctor's findings, sorted for whoever stands on the ladder. Pure. */
import type { Finding } from "../api/shapes/look.ts";

const KEEPERS = new Set(["admin", "technician", "safety_officer", "shift_lead"]); // web_ui/access.py

export function keepsDevices(roles: readonly string[]): boolean {
  return roles.some((role) => KEEPERS.has(role));
}

export const LAYERS = ["settings", "plug", "address", "port", "answer", "unit", "profile", "value"] as const;
export type LayerName = (typeof LAYERS)[number];

/** Faults by layer, the lowest first: what lies lower explains what is missing above it. */
export function faultsByLayer(findings: readonly Finding[]): [LayerName, Finding[]][] {
  return LAYERS.map((name, layer): [LayerName, Finding[]] => [
    name,
    findings.filter((one) => one.standing === "fault" && one.layer === layer),
  ]).filter(([, found]) => found.length > 0);
}

export function standing(findings: readonly Finding[], as: Finding["standing"]): Finding[] {
  return findings.filter((one) => one.standing === as);
}

/** Whether everything was looked at and is fine: an empty look shows nothing at all. */
export function allFine(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every((one) => one.standing === "fine");
}

/** Who tests detectors and enters their certificates. */
export function tests(roles: string[]): boolean {
  return roles.includes("tester") || roles.includes("technician");
}
