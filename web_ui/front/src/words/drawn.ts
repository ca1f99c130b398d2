/** Something drawn once for each picture, not with each tick of a clock: and anew in other words. */
import { useMemo } from "preact/hooks";
import { useStore } from "../store.ts";
import { language } from "./words.ts";

export function useDrawn<T>(draw: () => T, of: readonly unknown[]): T {
  const spoken = useStore(language);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller names them; the words are used in all it draws
  return useMemo(draw, [...of, spoken]);
}
