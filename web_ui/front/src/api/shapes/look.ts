/** What the doctor has found, and looks at devices. */

import type { Words } from "../../words/words.ts";

/** One finding of the doctor; the layer counts from the settings (0) and the plug (1) up to the value (7). */
export interface Finding {
  part: string;
  layer: number;
  standing: "fine" | "fault" | "unseen";
  code: string;
  says: Words;
  remedy: Words;
}

export interface Looked {
  at_utc: number;
  findings: Finding[];
  failed: Words;
}

export interface Look {
  running: boolean;
  last: Looked | null;
}
