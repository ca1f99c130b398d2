/** A walk test before a camera: begun and given up by a signed form; counted by the box as it judges. */
import { ask } from "./ask.ts";
import { call } from "./client.ts";
import type { Proof } from "./session.ts";
import type { WalkNow } from "./shapes.gen.ts";

export type { LiveWalk } from "./shapes.gen.ts";

export async function walkNow() {
  return (await call<WalkNow>("GET", "/walk")).walk ?? null;
}

/** `point`: of "leave_out", the corner to which nobody can walk. */
export function walk(
  camera: string,
  deed: "begin" | "drop" | "leave_out",
  reason: string,
  proof: Proof,
  point = "",
) {
  return ask({ ask: "walk", about: point ? [camera, deed, point] : [camera, deed], reason, ...proof });
}
