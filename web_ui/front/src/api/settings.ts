/** The settings as the box has them, and what it says to a change of them. */
import { asked } from "./ask.ts";
import { API, call } from "./client.ts";
import type { Proof } from "./session.ts";
import type { SettingsChange } from "./shapes/asking.ts";
import type { BookLimits } from "./shapes/limits.ts";
import type { PartAnswer, Settings, SettingsAnswer, SettingsFiles } from "./shapes/settings.ts";

export const BACKUP = `${API}/settings/backup`;
const CHANGES = "/settings/changes";

export function settingsNow(): Promise<Settings> {
  return call<Settings>("GET", "/settings");
}

export function limitsNow(): Promise<BookLimits> {
  return call<BookLimits>("GET", "/settings/limits");
}

export function filesNow(): Promise<SettingsFiles> {
  return call<SettingsFiles>("GET", "/settings/backup");
}

/** One part of a whole site's file, in base64: the box keeps it in memory, and changes nothing yet. */
export function partSent(part: {
  sha256: string;
  size: number;
  at: number;
  data: string;
}): Promise<PartAnswer> {
  return call<PartAnswer>("POST", "/settings/parts", part);
}

/** What it would do; changes nothing. */
export function tried(change: SettingsChange): Promise<SettingsAnswer> {
  return asked(CHANGES, { ask: "settings", settings: { ...change, check_only: true } });
}

export function taken(change: SettingsChange, reason: string, proof: Proof): Promise<SettingsAnswer> {
  return asked(CHANGES, { ask: "settings", settings: change, reason, ...proof });
}
