/** Writes src/words/keys.gen.ts: every key that words have, so that tsc finds a word that does not exist. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { read } from "./words.ts";

const rows = Object.entries(read("zh")).flatMap(([section, keys]) =>
  Object.keys(keys).map((key) => `  | ${JSON.stringify(`${section}.${key}`)}`),
);
writeFileSync(
  join(import.meta.dirname, "../src/words/keys.gen.ts"),
  `/** Made by tools/keys.ts from web_ui/words/zh. */\nexport type Key =\n${rows.join("\n")};\n`,
);
