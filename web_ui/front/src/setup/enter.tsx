/** A new device is checked by the box with all that is noted already, and noted: it is in force when all of it is. */
import { useState } from "preact/hooks";
import { asFault, Fault } from "../api/client.ts";
import { tried } from "../api/settings.ts";
import { FaultCard } from "../parts/fault.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";
import type { Site } from "./frame.tsx";
import { goOn, stay } from "./onward.ts";
import { changeOf, type Noted, note, proposal, withDevice } from "./proposal.ts";

export function Enter({ site, noted }: { site: Site; noted: Noted }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ of: string; why: unknown } | null>(null);
  const of = JSON.stringify(noted);
  const put = async (then: () => void | Promise<void>) => {
    setBusy(true);
    setFailed(null);
    try {
      const { accepted, reasons } = await tried(
        changeOf(withDevice(proposal.get(), noted), site.settings.sha256),
      );
      if (!accepted) throw Fault.refused(reasons);
      note(noted);
      tell(() => t("setup.noted"));
      await then();
    } catch (thrown) {
      setFailed({ of, why: asFault(thrown) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="button main" disabled={busy} onClick={() => void put(goOn)}>
        {t("setup.note")}
      </button>
      <button type="button" class="button" disabled={busy} onClick={() => void put(stay)}>
        {t("setup.note_more", { what: t(`setup.${noted.step}`) })}
      </button>
      <p class="hint">{t("setup.note_about")}</p>
      {busy && <Waiting what={t("task.sending")} />}
      {failed?.of === of && <FaultCard thrown={failed.why} />}
    </>
  );
}
