/** A new device is entered: checked by the box, signed, taken; then the box begins anew and its person is let in. */
import { useEffect, useRef, useState } from "preact/hooks";
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
  const started = useRef(0);
  useEffect(() => {
    lastStart().then((seq) => {
      started.current = seq;
    }, setFailed);
  }, []);
  const saved = async (proof: Proof) => {
    setWaits(true);
    try {
      await anew(started.current, proof);
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
      onFaults={() => {}}
      onSaved={(proof) => void saved(proof)}
    />
  );
}
