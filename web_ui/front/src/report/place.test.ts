/** Which permit a report concerns, and which kinds of hazard are offered first. */
import { expect, it } from "vitest";
import type { Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import type { Hazard } from "../api/shapes/tickets.ts";
import { likely, permitOf } from "./place.ts";

const permit = (id: string, more: Partial<Permit> = {}) =>
  ({
    id,
    type: "hot",
    state: "active",
    word: "may_work",
    holder_id: "",
    guards: [],
    workers: [],
    ...more,
  }) as unknown as Permit;
const live = (...permits: Permit[]) => ({ permits }) as Live;
const kind = (name: string, ...works: string[]) => ({ kind: name, works }) as unknown as Hazard;
const names = (found: Hazard[]) => found.map((one) => one.kind);

it("takes the permit that he came from, else his own if it is one alone", () => {
  const mine = permit("mine", { holder_id: "li-na" });
  expect(permitOf(live(mine, permit("other")), "li-na", "other")?.id).toBe("other");
  expect(permitOf(live(mine, permit("other")), "li-na", null)?.id).toBe("mine");
  expect(permitOf(live(mine, permit("too", { holder_id: "li-na" })), "li-na", null)).toBeUndefined();
  expect(permitOf(live(mine), "somebody", "gone")).toBeUndefined();
  const over = permit("over", { holder_id: "li-na", state: "closed" });
  expect(permitOf(live(mine, over), "li-na", null)?.id).toBe("mine");
});

it("offers first what belongs to every work, and to those that are open here", () => {
  const hazards = [kind("fire"), kind("sparks", "hot"), kind("sling", "lifting")];
  const { first, rest } = likely(hazards, live(permit("T")), undefined);
  expect([names(first), names(rest)]).toEqual([["fire", "sparks"], ["sling"]]);
  const lifting = permit("L", { type: "lifting" });
  expect(names(likely(hazards, live(permit("T"), lifting), lifting).first)).toEqual(["fire", "sling"]);
  expect(names(likely(hazards, null, undefined).rest)).toEqual(["sparks", "sling"]);
});
