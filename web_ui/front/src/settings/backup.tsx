/** The bundle as one file, out and in: what comes in is checked and shown as any other change is. */
import { useState } from "preact/hooks";
import { asFault } from "../api/client.ts";
import { BACKUP, filesNow } from "../api/settings.ts";
import type { SettingsChange } from "../api/shapes/asking.ts";
import type { SettingsFile, SettingsFiles } from "../api/shapes/settings.ts";
import { FaultCard } from "../parts/fault.tsx";
import { FileButton } from "../parts/file.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";
import { Saving } from "./saving.tsx";
import { inParts, noBackup, sent } from "./whole.ts";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"; // of no text at all

export function Backup({ onSaved }: { onSaved: () => void }) {
  const [change, setChange] = useState<SettingsChange | null | "same">(null);
  const [done, setDone] = useState<number | null>(null); // of the file that is being sent
  const [failed, setFailed] = useState<unknown>(null);
  const take = async (file: File) => {
    try {
      const now = await filesNow();
      setChange((await inParts(file)) ? await sent(file, now, setDone) : restoring(await file.text(), now));
      setFailed(null);
    } catch (thrown) {
      setChange(null);
      setFailed(asFault(thrown));
    }
    setDone(null);
  };
  return (
    <section class="card" aria-label={t("settings.backup")}>
      <h2>{t("settings.backup")}</h2>
      <p class="hint">{t("settings.backup_about")}</p>
      <a class="button" href={BACKUP} download="settings.json">
        {t("settings.outward")}
      </a>
      <p class="hint">{t("settings.inward_about")}</p>
      {done === null ? (
        <FileButton
          words={t("settings.inward")}
          accept=".json,.edgesite,.zip,application/json,application/zip"
          onFile={(file) => void take(file)}
        />
      ) : (
        <Waiting what={t("settings.sending", { percent: Math.floor(done * 100) })} />
      )}
      {failed !== null && <FaultCard thrown={failed} />}
      {change === "same" && <p>{t("zones.nothing")}</p>}
      {change !== null && change !== "same" && (
        <Saving change={change} empty={false} onFaults={() => {}} onSaved={onSaved} />
      )}
    </section>
  );
}

/** Every file that is another now, taken together; "same" where none is. Throws a Fault for what is no backup. */
export function restoring(text: string, now: SettingsFiles): SettingsChange | "same" {
  const files = read(text);
  const changed = files.flatMap(({ file, text }) => {
    const here = now.files.find((one) => one.file === file);
    return here?.text === text ? [] : [{ file, text, before: here?.sha256 ?? EMPTY }];
  });
  const [first, ...also] = changed;
  return first ? { ...first, also } : "same";
}

function read(text: string): SettingsFile[] {
  try {
    const { files } = JSON.parse(text) as SettingsFiles;
    if (files.every((one) => typeof one.file === "string" && typeof one.text === "string")) return files;
  } catch {
    // told below
  }
  throw noBackup("settings.no_backup");
}
