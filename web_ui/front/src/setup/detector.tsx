/** A gas detector: probed where it hangs, then entered. What is typed last counts; an old look says nothing of it. */
import { useState } from "preact/hooks";
import { type Probed, tried } from "../api/setup.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Pick } from "../tickets/pick.tsx";
import { t } from "../words/words.ts";
import { Enter } from "./enter.tsx";
import { detectorEdits, freeId, placeOf } from "./entries.ts";
import { areaChoices, figure, Frame, Line, type Site, whole } from "./frame.tsx";
import { Shown } from "./probed.tsx";

const UNITS = ["", "ppm", "%LEL", "%vol", "mg/m3"];

export function Detector() {
  return (
    <Frame title={t("setup.detector")} about={t("setup.detector_what")}>
      {(site) => <Fields site={site} />}
    </Frame>
  );
}

function Fields({ site: { settings, areas } }: { site: Site }) {
  const [at, setAt] = useState({ where: "", unit: "" });
  const [more, setMore] = useState({ profile: "", gas: "", channel: "", range: "", in_unit: "" });
  const [area, setArea] = useState(areas[0]?.id ?? "");
  const [name, setName] = useState("");
  const [look, setLook] = useState<{ of: string; told: Probed | null; failed: unknown } | null>(null);
  const [busy, setBusy] = useState(false);
  const place = placeOf(at.where);
  const unit = whole(at.unit);
  const of = JSON.stringify([at, more.channel, more.range, more.in_unit]);
  const told = look?.of === of ? look.told : null;
  const profile = more.profile || told?.profile || "";
  const gas = more.gas || (told && told.gas !== "?" ? told.gas : "");
  const called = name || t("setup.detector_name", { gas: gas.toUpperCase() });
  const channel = whole(more.channel);
  const range = figure(more.range);
  const probe = async () => {
    setBusy(true);
    try {
      const optional = Object.entries({ channel, range }).filter(([, value]) => value !== null);
      const form = {
        where: at.where.trim(),
        unit,
        profile: more.profile,
        gas: more.gas,
        in_unit: more.in_unit,
        ...Object.fromEntries(optional),
      };
      const found = await tried("detector", form);
      setLook({ of, told: found.probed ?? null, failed: null });
    } catch (thrown) {
      setLook({ of, told: null, failed: thrown });
    } finally {
      setBusy(false);
    }
  };
  const typed = place !== null && unit !== null && unit <= 247;
  const wrong = [channel, range].some((one) => Number.isNaN(one));
  const ready = typed && !wrong && profile !== "" && gas !== "" && area !== "";
  const row = {
    id: freeId(settings.values, `gas-${gas || "x"}`),
    name: { zh: called, en: called },
    place: place ?? { kind: "modbus_tcp" as const, host: "", port: 502 },
    unit_id: unit ?? 0,
    profile,
    gas,
    area,
    channel,
    range,
    unit: more.in_unit,
  };
  return (
    <>
      <Line
        label={t("setup.where")}
        hint={t("setup.where_hint")}
        value={at.where}
        onValue={(where) => setAt({ ...at, where })}
      />
      <Line label={t("setup.unit")} mode="numeric" value={at.unit} onValue={(unit) => setAt({ ...at, unit })} />
      <details>
        <summary class="button quiet">{t("setup.nameplate")}</summary>
        <Line
          label={t("setup.channel")}
          mode="numeric"
          value={more.channel}
          onValue={(channel) => setMore({ ...more, channel })}
        />
        <Line
          label={t("setup.range")}
          mode="decimal"
          value={more.range}
          onValue={(range) => setMore({ ...more, range })}
        />
        <Pick
          label={t("setup.in_unit")}
          choices={UNITS.map((id) => ({ id, words: id || t("setup.by_wire") }))}
          chosen={[more.in_unit]}
          none=""
          onChosen={([in_unit = ""]) => setMore({ ...more, in_unit })}
        />
        <Pick
          label={t("setup.profile")}
          choices={(settings.known["profiles.gas"] ?? []).map((id) => ({ id, words: id }))}
          chosen={[profile]}
          none=""
          onChosen={([chosen = ""]) => setMore({ ...more, profile: chosen })}
        />
      </details>
      <button
        type="button"
        class="button main"
        disabled={!typed || wrong || busy}
        onClick={() => void probe()}
      >
        {t("setup.probe")}
      </button>
      {busy && <Waiting what={t("setup.probing")} />}
      {!busy && look?.of === of && look.failed !== null && <FaultCard thrown={look.failed} />}
      {!busy && told && <Shown told={told} />}
      {!busy && profile !== "" && (
        <>
          {told && told.gases.length > 1 ? (
            <Pick
              label={t("setup.gas")}
              choices={told.gases.map((id) => ({ id, words: id }))}
              chosen={[gas]}
              none=""
              onChosen={([chosen = ""]) => setMore({ ...more, gas: chosen })}
            />
          ) : (
            <Line label={t("setup.gas")} value={gas} onValue={(gas) => setMore({ ...more, gas })} />
          )}
          <Pick
            label={t("setup.in_area")}
            choices={areaChoices(areas)}
            chosen={[area]}
            none=""
            onChosen={([chosen = ""]) => setArea(chosen)}
          />
          <Line label={t("setup.name")} value={called} onValue={setName} />
          {ready && (
            <Enter settings={settings} edits={detectorEdits(settings.values, row)} to="/setup" />
          )}
        </>
      )}
    </>
  );
}
