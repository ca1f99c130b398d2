/** What a limit of the rulebook is called: its key is for files, not for whoever answers for the work. */
import { formula } from "../parts/gas.tsx";
import { t, term } from "./words.ts";

const STEP = /"([^"]*)"|[^.]+/g;
const WHOSE = new Set(["gases", "works"]); // their second step says of which one it is a limit

/** "甲…：停止上限" of `gases.ch4.stop_high`; a limit that is newer than this page keeps its key. */
export function limitName(key: string): string {
  const whose = whoseOf(key);
  const name = term("limit_name", nameKey(key));
  if (name === nameKey(key)) return key;
  return whose === "" ? name : t("limits.of", { whose, name });
}

/** Without the gas or kind of work. */
export function nameKey(key: string): string {
  const [first = "", second = "", third = ""] = stepsOf(key);
  const section = bare(first);
  return `${section}.${bare(WHOSE.has(section) ? third : second)}`;
}

function whoseOf(key: string): string {
  const [first = "", second = ""] = stepsOf(key);
  if (first === "gases") return formula(second);
  if (first !== "works") return numberOf(first);
  const [type = "", level] = second.split(".");
  return [term("type", type), level && t("permit.level", { level })].filter(Boolean).join(" ");
}

/** "conflicts[#3]" is the third of them. */
function numberOf(step: string): string {
  return /\[(#\d+)\]/.exec(step)?.[1] ?? "";
}

function stepsOf(key: string): string[] {
  return [...key.matchAll(STEP)].map(([whole, quoted]) => quoted ?? whole);
}

function bare(step: string): string {
  return step.replace(/\[.*/, "");
}
