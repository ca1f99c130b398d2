/** Another detector in the place of one: looked at on the wire first; its id and all that is bound to it stay. */
import { useMemo, useState } from "preact/hooks";
import { asFault, Fault } from "../api/client.ts";
import { tried } from "../api/settings.ts";
import type { Probed } from "../api/setup.ts";
import type { SettingsChange } from "../api/shapes/asking.ts";
import type { Settings, SettingsFault, SettingsField } from "../api/shapes/settings.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { type At, edits, put, type Table as Values, valueAt } from "../settings/draft.ts";
import { Saving } from "../settings/saving.tsx";
import { type Editing, Part } from "../settings/table.tsx";
import { said, t } from "../words/words.ts";

const OF_DETECTOR = ["serial", "profile", "bus", "unit_id", "at", "channel", "range", "unit"];
const OF_RECORD = ["calibration_due", "bump_tested"];

interface Props {
  id: string;
  now: Settings;
  onSaved: () => void;
  onLeave: () => void;
}

export function Swap({ id, now, onSaved, onLeave }: Props) {
  // What was vouched for of the old one is closed: the new one's certificate is entered, or nobody vouches for it.
  const [values, setValues] = useState<Values>(
    () => put(now.values, ["records", id], { status: "in_service" }) as Values,
  );
  const [faults, setFaults] = useState<SettingsFault[]>([]);
  const found = useMemo(() => edits(now.values, values, new Map()), [now, values]);
  const change: SettingsChange = { file: "site.toml", before: now.sha256, edits: found };
  const on: Editing = {
    values,
    known: now.known,
    faults,
    put: (at: At, value) => setValues((all) => put(all, at, value) as Values),
    secret: () => {},
  };
  const other = valueAt(values, ["gas", id]) !== valueAt(now.values, ["gas", id]);
  return (
    <section class="card swap" aria-label={t("detectors.swap", { id })}>
      <h2>{t("detectors.swap", { id })}</h2>
      <p class="hint">{t("detectors.swap_about")}</p>
      <Fields names={OF_DETECTOR} of="gas" id={id} now={now} on={on} />
      <Probe id={id} of={JSON.stringify(valueAt(values, ["gas", id]))} change={change} onFaults={setFaults} />
      <h3>{t("detectors.record")}</h3>
      <Fields names={OF_RECORD} of="records" id={id} now={now} on={on} />
      <Saving change={change} empty={!other} onFaults={setFaults} onSaved={onSaved} />
      <button type="button" class="button" onClick={onLeave}>
        {t("detectors.leave")}
      </button>
    </section>
  );
}

interface FieldsProps {
  names: string[];
  of: string;
  id: string;
  now: Settings;
  on: Editing;
}

function Fields({ names, of, id, now, on }: FieldsProps) {
  const fields = now.fields.find((one) => one.key === of)?.fields ?? [];
  const chosen = names.flatMap((name): SettingsField[] => fields.filter((one) => one.key === name));
  return (
    <div class="settings-fields">
      {chosen.map((one) => (
        <Part key={one.key} field={one} at={[of, id, one.key]} on={on} />
      ))}
    </div>
  );
}

interface ProbeProps {
  id: string;
  of: string; // the detector as it is entered: of another one nothing is known
  change: SettingsChange;
  onFaults: (faults: SettingsFault[]) => void;
}

/** By the agent itself, between two questions of its own: nobody else may hold the bus. */
function Probe({ id, of, change, onFaults }: ProbeProps) {
  const [probed, setProbed] = useState<{ of: string; told: Probed } | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    setBusy(true);
    setFailed(null);
    try {
      const { probed: told, accepted, faults, reasons } = await tried({ ...change, probe: id });
      onFaults(faults);
      setProbed(told && { of, told });
      if (!accepted) setFailed(Fault.refused(reasons));
      else if (told && said(told.failed) !== "") setFailed(Fault.refused([told.failed]));
    } catch (thrown) {
      setProbed(null);
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="probe">
      <button type="button" class="button" disabled={busy} onClick={() => void look()}>
        {t("detectors.probe")}
      </button>
      {busy && <Waiting what={t("detectors.probing")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      {probed?.of === of && said(probed.told.failed) === "" && <Seen told={probed.told} />}
    </div>
  );
}

function Seen({ told }: { told: Probed }) {
  return (
    <div class="seen" role="status">
      <p>
        <Icon of={told.quality === "good" ? "may_work" : "gone"} /> <b>{said(told.verdict)}</b>
      </p>
      {[...told.notes, told.suggestion]
        .filter((one) => one.zh !== "")
        .map((one) => (
          <p key={one.en}>{said(one)}</p>
        ))}
      {told.registers.length > 0 && (
        <details>
          <summary class="button">{t("detectors.raw", { count: told.registers.length })}</summary>
          <ul class="raw">
            {told.registers.map((one) => (
              <li key={one.register}>
                <code>
                  {one.register}: 0x{one.word.toString(16).toUpperCase().padStart(4, "0")} = {one.word}
                </code>{" "}
                {said(one.means)}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
