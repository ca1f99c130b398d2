/** A gas detector: probed where it hangs, then entered. What is typed last counts; an old look says nothing of it. */
import { useState } from "preact/hooks";
import type { Probed } from "../api/setup.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Pick } from "../tickets/pick.tsx";
import { said, t } from "../words/words.ts";
import { Enter } from "./enter.tsx";
import { detectorEdits, detectors, freeId, gateways, isSerial, type Place, placeOf } from "./entries.ts";
import { areaChoices, Frame, figure, Line, nameOr, type Site, whole } from "./frame.tsx";
import { useLook } from "./look.ts";
import { Nameplate, type Plate } from "./nameplate.tsx";
import { Shown } from "./probed.tsx";
import { NINE_SIX, type Serial, SerialLine } from "./serial.tsx";

const MOST_UNIT = 247; // Modbus over Serial Line V1.02, 2.2

export function Detector() {
  return (
    <Frame title={t("setup.detector")} about={t("setup.detector_what")}>
      {(site) => <Fields site={site} />}
    </Frame>
  );
}

function Fields({ site }: { site: Site }) {
  const [where, setWhere] = useState(site.net);
  const [unit, setUnit] = useState("1"); // as most come; the probe says whether one answers there
  const [plate, setPlate] = useState<Plate>({ profile: "", channel: "", range: "", in_unit: "" });
  const [serial, setSerial] = useState<Serial>(NINE_SIX);
  const { told, failed, busy, run } = useLook(JSON.stringify([where, unit, plate, serial]));
  const line = isSerial(where);
  const place: Place | null = line
    ? { kind: "modbus_rtu", device: where.trim(), ...serial }
    : where === site.net
      ? null
      : placeOf(where);
  const unit_id = whole(unit);
  const channel = whole(plate.channel);
  const range = figure(plate.range);
  const typed =
    place !== null && unit_id !== null && unit_id <= MOST_UNIT && ![channel, range].some(Number.isNaN);
  const probe = () => {
    const optional = Object.entries({ channel, range }).filter(([, value]) => value !== null);
    const { profile, in_unit } = plate;
    void run("detector", {
      where: where.trim(),
      unit: unit_id,
      profile,
      in_unit,
      ...(line ? serial : {}),
      ...Object.fromEntries(optional),
    });
  };
  const probed = told?.probed ?? null;
  const there = gateways(site.values);
  return (
    <>
      {there.length > 0 && (
        <Pick
          label={t("setup.gateways")}
          choices={there.map((one) => ({ id: one.where, words: one.where }))}
          chosen={[where]}
          none=""
          onChosen={([chosen = ""]) => {
            setWhere(chosen);
            setUnit(there.find((one) => one.where === chosen)?.unit ?? "");
          }}
        />
      )}
      <Line label={t("setup.where")} hint={t("setup.where_hint")} value={where} onValue={setWhere} />
      {line && <SerialLine serial={serial} onSerial={setSerial} />}
      <Line label={t("setup.unit")} mode="numeric" value={unit} onValue={setUnit} />
      <Nameplate plate={plate} profiles={detectors(site.settings.known)} onPlate={setPlate} />
      <button type="button" class="button main" disabled={!typed || busy !== null} onClick={probe}>
        {t("setup.probe")}
      </button>
      {busy && <Waiting what={t("setup.probing")} />}
      {failed !== null && <FaultCard thrown={failed} />}
      {probed && <Shown told={probed} />}
      {typed && busy === null && (probed || plate.profile) && (
        <Rest key={probed?.gas} site={site} place={place} unit_id={unit_id} plate={plate} told={probed} />
      )}
    </>
  );
}

interface RestProps {
  site: Site;
  place: Place;
  unit_id: number;
  plate: Plate;
  told: Probed | null; // null: the bus could not be asked, and its profile was named by hand
}

function Rest({ site, place, unit_id, plate, told }: RestProps) {
  const { settings, values, areas, named } = site;
  const [gas, setGas] = useState(told && told.gas !== "?" ? told.gas : "");
  const [area, setArea] = useState(areas[0]?.id ?? "");
  const [name, setName] = useState("");
  const profile = plate.profile || told?.profile || "";
  const called = nameOr(name, named("setup.detector_name", { gas: gas.toUpperCase() }));
  const row = {
    id: freeId(values, `gas-${gas}`),
    name: called,
    place,
    unit_id,
    profile,
    gas,
    area,
    channel: whole(plate.channel),
    range: figure(plate.range),
    unit: plate.in_unit,
  };
  if (profile === "") return null;
  return (
    <>
      {told && told.gases.length > 1 ? (
        <Pick
          label={t("setup.gas")}
          choices={told.gases.map((id) => ({ id, words: id }))}
          chosen={[gas]}
          none=""
          onChosen={([chosen = ""]) => setGas(chosen)}
        />
      ) : (
        <Line label={t("setup.gas")} value={gas} onValue={setGas} />
      )}
      <Pick
        label={t("setup.in_area")}
        choices={areaChoices(areas)}
        chosen={[area]}
        none=""
        onChosen={([chosen = ""]) => setArea(chosen)}
      />
      <Line label={t("setup.name")} value={said(called)} onValue={setName} />
      {gas !== "" && (
        <Enter
          site={site}
          noted={{
            step: "detector",
            id: row.id,
            name: called,
            edits: detectorEdits(values, row, settings.values),
          }}
        />
      )}
    </>
  );
}
