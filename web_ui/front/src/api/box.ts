/** Which box this is: known before anybody logs in. */
import { store } from "../store.ts";
import { call } from "./client.ts";
import type { Box } from "./shapes/box.ts";

export const box = store<Box | null>(null);

export async function learnBox(): Promise<Box> {
  const found = await call<Box>("GET", "/box");
  box.set(found);
  return found;
}
