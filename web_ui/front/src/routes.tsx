/** Every page and its address. A page that is not needed on a phone in a hurry is loaded when it is opened. */
import type { ComponentType } from "preact";
import { Missing } from "./pages/missing.tsx";
import { match, type Params } from "./router.tsx";

export type Page = ComponentType<{ params: Params }>;

export const ROUTES: readonly (readonly [pattern: string, page: Page])[] = [];

export function pageAt(address: string): { page: Page; params: Params } {
  for (const [pattern, page] of ROUTES) {
    const params = match(pattern, address);
    if (params) return { page, params };
  }
  return { page: Missing, params: {} };
}
