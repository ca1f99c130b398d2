/** The areas as they are drawn now: checked by the box, then noted with the devices of the wizard. */
import { useState } from "preact/hooks";
import { asFault } from "../api/client.ts";
import type { Area } from "../api/shapes/places.ts";
import { checked } from "../api/zones.ts";
import { FaultCard } from "../parts/fault.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { t } from "../words/words.ts";
import { toToml } from "../zones/toml.ts";
import { goOn } from "./onward.ts";
import { noteAreas } from "./proposal.ts";

interface Props {
  areas: Area[];
  before: string; // the hash of the file that they were drawn from
  same: boolean; // nothing is drawn otherwise than it stands there
}

export function NoteAreas({ areas, before, same }: Props) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const put = async () => {
    setBusy(true);
    setFailed(null);
    try {
      await checked(toToml(areas), before);
      noteAreas(areas, before);
      tell(() => t("setup.noted"));
      await goOn();
    } catch (thrown) {
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="card saving">
      <button type="button" class="button main" disabled={busy || same} onClick={() => void put()}>
        {t("setup.note")}
      </button>
      <p class="hint">{t(same ? "zones.nothing" : "setup.note_about")}</p>
      {busy && <Waiting what={t("task.sending")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      <Link to="/setup" class="button">
        {t("setup.back")}
      </Link>
    </section>
  );
}
