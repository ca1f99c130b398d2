/** The count of signed forms never stands still or goes back. */
import { expect, it } from "vitest";
import { nextCount } from "./ask.ts";

it.each([
  [0, 1000, 1000],
  [1000, 1000, 1001],
  [5000, 1000, 5001],
])("after %d at %d ms comes %d", (last, now_ms, next) => expect(nextCount(last, now_ms)).toBe(next));
