/** The measures of a draft: all that its kind of work asks for but those left out, then its own; each with its proof. Pure. */
import type { Live } from "../api/shapes/live.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import type { Draft } from "./draft.ts";

/** What stands in the area and can show something, by kind. */
export interface Provers {
  gas: string[];
  camera: string[];
  other: string[];
}

export const PEOPLE = "";

export function proversOf(draft: Draft, offers: Offers, live: Live): Provers {
  const here = offers.devices[draft.area?.id ?? ""] ?? [];
  const among = (all: readonly { id: string }[]) => here.filter((id) => all.some((one) => one.id === id));
  const gas = among(live.gas);
  const camera = among(live.cameras);
  return { gas, camera, other: here.filter((id) => !gas.includes(id) && !camera.includes(id)) };
}

/** What can show a measure beside people. */
export function able(shown_by: string, provers: Provers): string[] {
  return shown_by === "gas" ? provers.gas : shown_by === "camera" ? provers.camera : [];
}

/** Whom or what is taken: what was chosen, else the first device that can show it, else people. */
export function proofOf(id: string, shown_by: string, draft: Draft, provers: Provers): string {
  return draft.shown_by[id] ?? able(shown_by, provers)[0] ?? PEOPLE;
}

export function measuresOf(draft: Draft, provers: Provers): Record<string, unknown>[] {
  const kind = (source: string) =>
    source === PEOPLE ? "manual" : provers.camera.includes(source) ? "ai" : "iot";
  const written = (id: string, source: string) => ({ id, kind: kind(source), ...(source && { source }) });
  const asked = (draft.work?.measures ?? []).filter((one) => !draft.left_out.includes(one.id));
  return [
    ...asked.map((one) => written(one.id, proofOf(one.id, one.shown_by, draft, provers))),
    ...draft.own.map(({ words, source }, at) => {
      const text = words.trim();
      return { ...written(`own-${at + 1}`, source), words: { zh: text, en: text } };
    }),
  ];
}
