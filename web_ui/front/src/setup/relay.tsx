/** A relay module: entered with its outputs and contacts; then each output is tried and read back. */
import { useState } from "preact/hooks";
import { Outputs } from "../board/field.tsx";
import { useShown } from "../parts/notlive.tsx";
import { Pick } from "../tickets/pick.tsx";
import { t, term } from "../words/words.ts";
import { Enter } from "./enter.tsx";
import { DOES, freeId, placeOf, relayEdits } from "./entries.ts";
import { areaChoices, Frame, Line, type Site, whole } from "./frame.tsx";

export function Relay() {
  return (
    <Frame title={t("setup.relay")} about={t("setup.relay_what")}>
      {(site) => (
        <>
          <Tried />
          <Fields site={site} />
        </>
      )}
    </Frame>
  );
}

/** What is there already, as the box switches and reads it now. */
function Tried() {
  const { live, stale } = useShown();
  if (!live || stale || live.outputs.length === 0) return null;
  return <Outputs outputs={live.outputs} />;
}

const COILS = { permissive: "0", siren: "1", beacon: "" };

function Fields({ site: { settings, areas } }: { site: Site }) {
  const [at, setAt] = useState({ where: "", unit: "1", profile: "" });
  const [coils, setCoils] = useState<Record<(typeof DOES)[number], string>>(COILS);
  const [inputs, setInputs] = useState({ feedback: "0", button: "1" });
  const [area, setArea] = useState(areas[0]?.id ?? "");
  const profiles = (settings.known["profiles.relays"] ?? []).filter(
    (one) => one !== "gpio" && one !== "log_only",
  );
  const place = placeOf(at.where);
  const id = freeId(settings.values, "relay");
  const called = t("setup.relay_name", { id });
  const unit = whole(at.unit);
  const figures = [unit, ...DOES.map((one) => whole(coils[one])), ...Object.values(inputs).map(whole)];
  const ready =
    place?.kind === "modbus_tcp" && unit !== null && at.profile !== "" && !figures.some(Number.isNaN);
  const row = {
    id,
    name: { zh: called, en: called },
    place: place ?? { kind: "modbus_tcp" as const, host: "", port: 502 },
    unit_id: unit ?? 1,
    profile: at.profile,
    area,
    coils: Object.fromEntries(
      DOES.flatMap((one) => (whole(coils[one]) === null ? [] : [[one, whole(coils[one])]])),
    ),
    feedback: whole(inputs.feedback),
    button: whole(inputs.button),
  };
  return (
    <>
      <Line
        label={t("setup.where")}
        hint={t("setup.relay_hint")}
        value={at.where}
        onValue={(where) => setAt({ ...at, where })}
      />
      <Pick
        label={t("setup.profile")}
        choices={profiles.map((one) => ({ id: one, words: one }))}
        chosen={[at.profile]}
        none=""
        onChosen={([profile = ""]) => setAt({ ...at, profile })}
      />
      <div class="pair">
        <Line
          label={t("setup.unit")}
          mode="numeric"
          value={at.unit}
          onValue={(unit) => setAt({ ...at, unit })}
        />
        {DOES.map((does) => (
          <Line
            key={does}
            label={t("setup.coil", { does: term("output", does) })}
            mode="numeric"
            value={coils[does]}
            onValue={(coil) => setCoils({ ...coils, [does]: coil })}
          />
        ))}
        <Line
          label={t("setup.feedback")}
          mode="numeric"
          value={inputs.feedback}
          onValue={(feedback) => setInputs({ ...inputs, feedback })}
        />
        <Line
          label={t("setup.button")}
          mode="numeric"
          value={inputs.button}
          onValue={(button) => setInputs({ ...inputs, button })}
        />
      </div>
      <p class="hint">{t("setup.empty_none")}</p>
      <Pick
        label={t("setup.heard_in")}
        choices={areaChoices(areas)}
        chosen={[area]}
        none=""
        onChosen={([chosen = ""]) => setArea(chosen)}
      />
      {ready && <Enter settings={settings} edits={relayEdits(row)} to="/setup/relay" />}
    </>
  );
}
