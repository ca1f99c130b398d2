/** The site's areas as the settings have them; another text of them goes to the agent as a signed form. */
import type { Words } from "../words/words.ts";
import { ask } from "./ask.ts";
import { API, call } from "./client.ts";
import type { Proof } from "./session.ts";
import type { Area, Areas } from "./shapes/places.ts";

export const GEOJSON = `${API}/areas.geojson`;

export function areasNow(): Promise<Areas> {
  return call<Areas>("GET", "/areas");
}

export async function fromGeoJson(text: string): Promise<Area[]> {
  return (await call<Areas>("POST", "/areas.geojson", JSON.parse(text))).areas;
}

/** What would be another; throws a Fault with everything that is wrong. Changes nothing. */
export function checked(text: string, before: string): Promise<Words[]> {
  return ask({ ask: "settings", settings: { file: "areas.toml", text, before, check_only: true } });
}

/** `falls`: the interlock outputs that whoever signs has agreed to. */
export function saved(
  text: string,
  before: string,
  falls: string[],
  reason: string,
  proof: Proof,
): Promise<Words[]> {
  const settings = { file: "areas.toml", text, before, interlocks_off: falls };
  return ask({ ask: "settings", settings, reason, ...proof });
}
