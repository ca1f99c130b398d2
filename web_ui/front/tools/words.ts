/** The words of ../words/<language>/<topic>.toml as modules `virtual:words/<language>`, one table each. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "smol-toml";
import type { Plugin } from "vite";

export type Table = Record<string, Record<string, string>>;

const FOLDER = join(import.meta.dirname, "../../words");
const PREFIX = "virtual:words/";

/** All topics of one language; two topics with a section of one name are an error (as in web_ui/words.py). */
export function read(language: string): Table {
  const table: Table = {};
  for (const topic of topics(language)) {
    for (const [section, rows] of Object.entries(parse(readFileSync(topic, "utf8")) as Table)) {
      if (section in table) throw new Error(`${topic}: another topic has a section "${section}"; rename it`);
      table[section] = rows;
    }
  }
  return table;
}

function topics(language: string): string[] {
  const folder = join(FOLDER, language);
  return readdirSync(folder)
    .filter((name) => name.endsWith(".toml"))
    .sort()
    .map((name) => join(folder, name));
}

export function words(): Plugin {
  return {
    name: "words",
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : null),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return null;
      const language = id.slice(PREFIX.length + 1);
      for (const topic of topics(language)) this.addWatchFile(topic);
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(read(language)))})`;
    },
  };
}
