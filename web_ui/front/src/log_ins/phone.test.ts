/** Whose phone a QR is offered for. */
import { expect, it } from "vitest";
import type { Known } from "../api/shapes/people.ts";
import { mayLogIn } from "./phone.tsx";

it("offers nobody who is barred, and no inspector without time left", () => {
  const of = (change: object) =>
    mayLogIn({ id: "x", name: "X", roles: ["guard"], denied: false, ...change } as Known, 100);
  expect([of({}), of({ denied: true })]).toEqual([true, false]);
  const looks = { roles: ["inspector"] };
  expect([of({ ...looks, until_utc: 101 }), of({ ...looks, until_utc: 100 }), of(looks)]).toEqual([
    true,
    false,
    false,
  ]);
});
