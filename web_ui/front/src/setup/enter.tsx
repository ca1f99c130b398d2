/** A new device is entered: checked by the box, signed, taken; then the box begins anew and its person is let in. */
import { useState } from "preact/hooks";
import { anew, lastStart } from "../api/anew.ts";
import type { Proof } from "../api/session.ts";
import type { Edit, Settings } from "../api/types.ts";
import { FaultCard } from "../parts/fault.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { go } from "../router.tsx";
import { Saving } from "../settings/saving.tsx";
import { t } from "../words/words.ts";

interface Props {
  settings: Settings;
  edits: Edit[];
  to: string; // where it goes on when the box is up again
}

export function Enter({ settings, edits, to }: Props) {
  const [waits, setWaits] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const saved = async (before: number, proof: Proof) => {
    setWaits(true);
    try {
      await anew(before, proof);
      tell(t("setup.entered"));
      go(to);
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setWaits(false);
    }
  };
  if (failed !== null) return <FaultCard thrown={failed} again={() => go("/setup")} />;
  if (waits) return <Waiting what={t("setup.begins_anew")} />;
  return (
    <Saving
      change={{ file: "site.toml", edits, before: settings.sha256 }}
      empty={edits.length === 0}
      why={t("setup.reason")}
      before={lastStart}
      onFaults={() => {}}
      onSaved={(proof, before) => void saved(before, proof)}
    />
  );
}
