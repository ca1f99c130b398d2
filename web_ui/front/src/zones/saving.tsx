/** What would be another, what is wrong with it, whose work it would touch; and who answers for it, with a reason. */
import { useState } from "preact/hooks";
import { anew, lastStart } from "../api/anew.ts";
import { asFault } from "../api/client.ts";
import type { Proof } from "../api/session.ts";
import type { Live } from "../api/shapes/live.ts";
import type { Area } from "../api/shapes/places.ts";
import { checked, saved } from "../api/zones.ts";
import { ended } from "../duty/tone.ts";
import { Agreed } from "../parts/agreed.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { cut } from "../parts/name.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { said, t, term, type Words } from "../words/words.ts";
import { toToml } from "./toml.ts";

interface Props {
  areas: Area[];
  before: string; // the hash of the file that they were drawn from
  live: Live | null;
  onSaved: () => void;
}

/** What the box said, and to which text: to another one it says nothing. */
interface Heard {
  text: string;
  changes: Words[] | null;
  failed: unknown;
}

export function Saving({ areas, before, live, onSaved }: Props) {
  const [heard, setHeard] = useState<Heard | null>(null);
  const [busy, setBusy] = useState(false);
  const text = toToml(areas);
  const falls = (live?.outputs ?? [])
    .filter((one) => one.does === "interlock" && one.wanted_on)
    .map((one) => `${one.device}/${one.channel}`);
  const { changes, failed } = heard?.text === text ? heard : { changes: null, failed: null };
  const run = async (work: Promise<Words[]>, then: (found: Words[]) => void | Promise<void>) => {
    setBusy(true);
    try {
      await then(await work);
    } catch (thrown) {
      setHeard({ text, changes: null, failed: asFault(thrown) });
    } finally {
      setBusy(false);
    }
  };
  const check = () =>
    void run(checked(text, before), (found) => setHeard({ text, changes: found, failed: null }));
  const save = async (reason: string, proof: Proof) => {
    const started = await lastStart().catch(() => null);
    await run(saved(text, before, falls, reason, proof), async () => {
      if (started !== null) await anew(started, proof);
      onSaved();
    });
  };
  return (
    <section class="card saving">
      <h2>{t("zones.save")}</h2>
      <p class="hint">{t("zones.save_about")}</p>
      <button type="button" class="button main" disabled={busy} onClick={check}>
        {t("zones.check")}
      </button>
      {busy && <Waiting what={t("task.sending")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      {changes !== null && changes.length === 0 && <p>{t("zones.nothing")}</p>}
      {changes !== null && changes.length > 0 && (
        <>
          <ul class="changes">
            {changes.map((one) => (
              <li key={one.en}>{said(one)}</li>
            ))}
          </ul>
          <Touched live={live} />
          <Agreed falls={falls} key={falls.join()}>
            <Signing busy={busy} onSign={(reason, proof) => void save(reason, proof)} />
          </Agreed>
        </>
      )}
    </section>
  );
}

/** The box starts anew with other areas: work that is under way is named before anybody signs. */
function Touched({ live }: { live: Live | null }) {
  const open = live?.permits.filter((one) => !ended(one) || one.fire_watch !== null) ?? [];
  if (!live) return <p role="alert">{t("zones.permits_unknown")}</p>;
  if (open.length === 0) return <p>{t("zones.no_permits")}</p>;
  return (
    <>
      <p>
        <Icon of="warning" /> {t("zones.permits")}
      </p>
      <ul>
        {open.map((one) => (
          <li key={one.id}>
            {cut(one.id, 40)} · {term("state", one.state)}
          </li>
        ))}
      </ul>
    </>
  );
}

function Signing({ busy, onSign }: { busy: boolean; onSign: (reason: string, proof: Proof) => void }) {
  const signed = useSigned(busy, onSign);
  return <SignedForm signed={signed} why={t("zones.reason")} enter={t("zones.save")} />;
}
