/** A walk test before a camera: begun and given up by a signed form; counted by the box as it judges. */
import { ask } from "./ask.ts";
import { call } from "./client.ts";
import type { Proof } from "./session.ts";
import type { WalkNow } from "./shapes.gen.ts";

export type { LiveWalk } from "./shapes.gen.ts";

export async function walkNow() {
  return (await call<WalkNow>("GET", "/walk")).walk ?? null;
}

export function walk(camera: string, deed: "begin" | "drop", reason: string, proof: Proof) {
  return ask({ ask: "walk", about: [camera, deed], reason, ...proof });
}
