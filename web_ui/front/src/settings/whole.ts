/** A whole site's file, too large for one form: sent in parts under one hash, then named by the form that is signed. */
import { Fault } from "../api/client.ts";
import { partSent } from "../api/settings.ts";
import type { SettingsChange } from "../api/shapes/asking.ts";
import type { SettingsFiles } from "../api/shapes/settings.ts";
import { type Key, t } from "../words/words.ts";

const PART = 96 * 1024; // edge_agent/tell/desk_parts.py
const LARGEST = 4 * 1024 * 1024;
const ONE_FORM = 40_000; // bytes of a backup that fits into one form with all else
const ZIP = "PK";

/** Whether it must go in parts: an exported site is packed, and a large backup fits into no form. */
export async function inParts(file: File): Promise<boolean> {
  return file.size > ONE_FORM || (await file.slice(0, ZIP.length).text()) === ZIP;
}

/** The change that the file is, once the box has all of it; `on` hears how much it has, from 0 to 1. */
export async function sent(
  file: File,
  now: SettingsFiles,
  on: (done: number) => void,
): Promise<SettingsChange> {
  if (file.size > LARGEST) throw noBackup("settings.too_large");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const sha256 = hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
  for (let at = 0; at < bytes.length; ) {
    on(at / bytes.length);
    const answer = await partSent({
      sha256,
      size: bytes.length,
      at,
      data: base64(bytes.subarray(at, at + PART)),
    });
    if (!answer.accepted) throw Fault.refused(answer.reasons);
    if (answer.have <= at) throw noBackup("settings.lost");
    at = answer.have;
  }
  const [first, ...also] = now.files.map((one) => ({ file: one.file, before: one.sha256 }));
  if (!first) throw noBackup("settings.no_backup");
  return { ...first, also, upload: sha256 };
}

/** What was chosen cannot be taken back into use, and why. */
export function noBackup(why: Key): Fault {
  return new Fault("", [() => t(why)], () => t("settings.no_backup_next"));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
}

function base64(bytes: Uint8Array): string {
  let text = "";
  for (const one of bytes) text += String.fromCharCode(one);
  return btoa(text);
}
