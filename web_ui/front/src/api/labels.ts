/** What of the site bears a label. */
import { API, call } from "./client.ts";
import type { Label, Labels } from "./shapes.gen.ts";

export type { Label, Labels };

export const labelsNow = () => call<Labels>("GET", "/labels");
export const codeOf = (one: Label) => `${API}/qr/${one.kind}/${encodeURIComponent(one.id)}.svg`;
