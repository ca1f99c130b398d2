/** What a change would do: line by line, permit by permit; what is wrong with it; and who answers for it. */
import "../styles/settings.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { anew, lastStart } from "../api/anew.ts";
import { asFault } from "../api/client.ts";
import type { Proof } from "../api/session.ts";
import { taken, tried } from "../api/settings.ts";
import type { SettingsChange } from "../api/shapes/asking.ts";
import type { SettingsAnswer, SettingsFault } from "../api/shapes/settings.ts";
import { Agreed } from "../parts/agreed.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { said, t } from "../words/words.ts";

interface Props {
  change: SettingsChange;
  empty: boolean;
  checks?: boolean; // without being asked: nothing more will be changed
  why?: string; // the reason, where it is plain
  onFaults: (faults: SettingsFault[]) => void;
  onTaken?: () => void; // at once: the box is on its way up again
  onSaved: () => void; // the box is up again, and whoever signed is let in
}

/** What the box said, and to which change: to another one it says nothing. */
interface Heard {
  of: string;
  answer: SettingsAnswer | null;
  failed: unknown;
}

export function Saving({ change, empty, checks = false, why = "", onFaults, onTaken, onSaved }: Props) {
  const [heard, setHeard] = useState<Heard | null>(null);
  const [busy, setBusy] = useState(false);
  const [begins, setBegins] = useState(false); // it was taken, and the box is on its way up again
  const of = JSON.stringify(change);
  const { answer, failed } = heard?.of === of ? heard : { answer: null, failed: null };
  const run = async (work: Promise<SettingsAnswer>, then: () => void | Promise<void>) => {
    setBusy(true);
    try {
      const found = await work;
      setHeard({ of, answer: found, failed: null });
      onFaults(found.faults);
      if (found.accepted) await then();
    } catch (thrown) {
      setHeard({ of, answer: null, failed: asFault(thrown) });
    } finally {
      setBusy(false);
      setBegins(false);
    }
  };
  const check = useRef(() => {});
  check.current = () => void run(tried(change), () => {});
  useEffect(() => {
    if (checks && !empty && of !== "") check.current(); // each change once
  }, [checks, empty, of]);
  const falls = answer?.effects.flatMap((one) => one.outputs) ?? [];
  const save = async (reason: string, proof: Proof) => {
    const started = await lastStart().catch(() => null);
    await run(taken({ ...change, interlocks_off: falls }, reason, proof), async () => {
      setBegins(true);
      onTaken?.();
      if (started !== null) await anew(started, proof);
      onSaved();
    });
  };
  return (
    <section class="card saving" aria-label={t("settings.save")}>
      <h2>{t("settings.save")}</h2>
      <p class="hint">{t("settings.save_about")}</p>
      {empty && <p>{t("zones.nothing")}</p>}
      <button type="button" class="button main" disabled={busy || empty} onClick={() => check.current()}>
        {t("zones.check")}
      </button>
      {busy && <Waiting what={t(begins ? "setup.begins_anew" : "task.sending")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      {answer && !empty && <Told answer={answer} />}
      {answer?.accepted && !empty && !answer.effects.some((one) => one.refused) && (
        <Agreed falls={falls} key={falls.join()}>
          <Signing busy={busy} why={why} onSign={(reason, proof) => void save(reason, proof)} />
        </Agreed>
      )}
    </section>
  );
}

function Told({ answer: { accepted, reasons, diff, effects } }: { answer: SettingsAnswer }) {
  return (
    <>
      {!accepted && <p role="alert">{t("settings.refused")}</p>}
      <ul class="changes" data-accepted={accepted}>
        {reasons.map((one) => (
          <li key={one.en}>{said(one)}</li>
        ))}
      </ul>
      {diff.length > 0 && (
        <details>
          <summary class="button">{t("settings.diff")}</summary>
          <pre class="diff">
            {diff.map((line, number) => (
              <span key={`${number} ${line}`} data-sign={line.slice(0, 1)}>
                {`${line}\n`}
              </span>
            ))}
          </pre>
        </details>
      )}
      {accepted && (
        <>
          <h3>{t("settings.effects")}</h3>
          {effects.length === 0 && <p>{t("zones.no_permits")}</p>}
          <ul class="effects">
            {effects.map((one) => (
              <li key={one.permit + one.words.en} data-refused={one.refused}>
                <Icon of={one.refused ? "gone" : "warning"} /> {said(one.words)}
              </li>
            ))}
          </ul>
          {effects.some((one) => one.refused) && <p role="alert">{t("settings.must_wait")}</p>}
        </>
      )}
    </>
  );
}

interface SigningProps {
  busy: boolean;
  why: string;
  onSign: (reason: string, proof: Proof) => void;
}

function Signing({ busy, why, onSign }: SigningProps) {
  const signed = useSigned(busy, onSign, why);
  return <SignedForm signed={signed} why={t("zones.reason")} enter={t("settings.save")} />;
}
