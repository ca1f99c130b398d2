/** Another detector in the place of one: looked at on the wire first; its id and all that is bound to it stay. */
import { useMemo, useState } from "preact/hooks";
import { asFault } from "../api/client.ts";
import { type Probed, tried } from "../api/setup.ts";
import type { Settings, SettingsFault, SettingsField } from "../api/types.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { type At, edits, isTable, put, type Table as Values, valueAt } from "../settings/draft.ts";
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
  const on: Editing = {
    values,
    known: now.known,
    faults,
    put: (at: At, value) => setValues((all) => put(all, at, value) as Values),
    secret: () => {},
  };
  const other = ["gas"].some((table) => valueAt(values, [table, id]) !== valueAt(now.values, [table, id]));
  return (
    <section class="card swap" aria-label={t("detectors.swap", { id })}>
      <h2>{t("detectors.swap", { id })}</h2>
      <p class="hint">{t("detectors.swap_about")}</p>
      <Fields names={OF_DETECTOR} of="gas" id={id} now={now} on={on} />
      <Probe id={id} values={values} />
      <h3>{t("detectors.record")}</h3>
      <Fields names={OF_RECORD} of="records" id={id} now={now} on={on} />
      <Saving
        change={{ file: "site.toml", before: now.sha256, edits: found }}
        empty={!other}
        onFaults={setFaults}
        onSaved={onSaved}
      />
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

/** What to ask of the wire for the detector as it is entered; null where it hangs on no line that can be asked. */
export function lookAt(values: Values, id: string): Record<string, unknown> | null {
  const row = valueAt(values, ["gas", id]);
  const bus = isTable(row) ? valueAt(values, ["buses", String(row.bus)]) : undefined;
  if (!isTable(row) || !isTable(bus) || typeof row.unit_id !== "number" || !bus.host) return null;
  const host = `${bus.host}:${bus.port ?? 502}`;
  const where = bus.kind === "modbus_tcp" ? host : bus.kind === "modbus_rtu_tcp" ? `rtu-tcp://${host}` : null;
  if (where === null) return null;
  const { unit_id: unit, profile = "", gas = "", channel, range, unit: in_unit = "" } = row;
  return { where, unit, profile, gas, in_unit, ...(channel ? { channel } : {}), ...(range ? { range } : {}) };
}

function Probe({ id, values }: { id: string; values: Values }) {
  const [probed, setProbed] = useState<{ of: string; told: Probed } | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const ask = lookAt(values, id);
  const of = JSON.stringify(ask);
  const look = async () => {
    if (!ask) return;
    setBusy(true);
    setFailed(null);
    try {
      const { probed: told } = await tried("detector", ask);
      if (told) setProbed({ of, told });
    } catch (thrown) {
      setProbed(null);
      setFailed(asFault(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="probe">
      {!ask && <p>{t("detectors.no_probe")}</p>}
      <button type="button" class="button" disabled={!ask || busy} onClick={() => void look()}>
        {t("detectors.probe")}
      </button>
      {busy && <Waiting what={t("detectors.probing")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      {probed?.of === of && <Seen told={probed.told} />}
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
