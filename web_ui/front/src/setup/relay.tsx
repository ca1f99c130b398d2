/** A relay module: entered with its outputs and contacts; then each output is tried and read back. */
import { useState } from "preact/hooks";
import { ask } from "../api/ask.ts";
import type { Proof } from "../api/session.ts";
import { Outputs } from "../board/field.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { useShown } from "../parts/notlive.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { tell } from "../parts/told.tsx";
import { Pick } from "../tickets/pick.tsx";
import { said, t, term } from "../words/words.ts";
import { Enter } from "./enter.tsx";
import { DOES, freeId, modules, placeOf, relayEdits } from "./entries.ts";
import { areaChoices, Frame, Line, type Site, whole } from "./frame.tsx";
import { WIRED } from "./propose.ts";
import { SeenByPeople } from "./seen.tsx";
import { useSetup } from "./use.ts";

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

/** After a relay was entered: its outputs alone. */
export function OutputsTried() {
  return (
    <Frame title={t("setup.relay")} about={t("setup.relay_what")}>
      {() => <Tried />}
    </Frame>
  );
}

const TRIABLE = new Set(["siren", "evacuate", "beacon", "amber"]); // edge_agent/fuse/sirens.py

/** What is there already, as the box switches and reads it now; what people hear and see can be tried. */
function Tried() {
  const { live, stale } = useShown();
  const [ticked, setTicked] = useState<string[]>([]); // a badge that is held meanwhile signs that, and begins no test
  if (!live || stale || live.outputs.length === 0) return null;
  const about = live.outputs
    .filter((one) => TRIABLE.has(one.does))
    .map((one) => `${one.device}/${one.channel}`);
  const unread = live.outputs.filter((one) => TRIABLE.has(one.does) && one.contact === false);
  return (
    <>
      <Outputs outputs={live.outputs} />
      {about.length > 0 && ticked.length === 0 && <Trial about={about} />}
      {unread.length > 0 && <SeenByPeople outputs={unread} ticked={ticked} onTicked={setTicked} />}
    </>
  );
}

function Trial({ about }: { about: string[] }) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const run = async (reason: string, proof: Proof) => {
    setBusy(true);
    setFailed(null);
    try {
      const told = await ask({ ask: "try", about, reason, ...proof });
      tell(() => told.map(said).join(" ") || t("setup.tried"));
    } catch (thrown) {
      setFailed(thrown);
    } finally {
      setBusy(false);
    }
  };
  const signed = useSigned(busy, (reason, proof) => void run(reason, proof), t("setup.reason"));
  const relay = useSetup().setup?.steps.find((one) => one.id === "relay");
  return (
    <details class="trial" open={relay?.standing === "open"}>
      <summary class="button main">{t("setup.try")}</summary>
      <p class="hint">{t("setup.try_about")}</p>
      <SignedForm signed={signed} why={t("zones.reason")} enter={t("setup.try")}>
        {failed !== null && <FaultCard thrown={failed} />}
      </SignedForm>
    </details>
  );
}

const INPUTS = ["feedback", "siren_feedback", "button"] as const;
const NONE = { permissive: "", siren: "", beacon: "" }; // a number that is guessed may switch something else

function Fields({ site }: { site: Site }) {
  const { settings, values, areas, named } = site;
  const [at, setAt] = useState({ where: site.net, unit: "1", profile: "" });
  const [coils, setCoils] = useState<Record<(typeof DOES)[number], string>>(NONE);
  const [inputs, setInputs] = useState({ feedback: "", siren_feedback: "", button: "" });
  const [area, setArea] = useState(areas[0]?.id ?? "");
  const profiles = modules(settings.known);
  const place = at.where === site.net ? null : placeOf(at.where);
  const id = freeId(values, "relay");
  const unit = whole(at.unit);
  const figures = [unit, ...DOES.map((one) => whole(coils[one])), ...Object.values(inputs).map(whole)];
  const ready =
    place?.kind === "modbus_tcp" &&
    unit !== null &&
    at.profile !== "" &&
    DOES.some((one) => coils[one] !== "") &&
    !figures.some(Number.isNaN);
  const row = {
    id,
    name: named("setup.relay_name", { id }),
    place: place ?? { kind: "modbus_tcp" as const, host: "", port: 502 },
    unit_id: unit ?? 1,
    profile: at.profile,
    area,
    coils: Object.fromEntries(
      DOES.flatMap((one) => (whole(coils[one]) === null ? [] : [[one, whole(coils[one])]])),
    ),
    feedback: whole(inputs.feedback),
    siren_feedback: whole(inputs.siren_feedback),
    button: whole(inputs.button),
  };
  return (
    <>
      <Line
        label={t("setup.module_at")}
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
      <button
        type="button"
        class="button"
        onClick={() => {
          setCoils(WIRED.coils);
          setInputs(WIRED.inputs);
        }}
      >
        {t("setup.wired")}
      </button>
      <p class="hint">{t("setup.wired_about")}</p>
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
        {INPUTS.map((name) => (
          <Line
            key={name}
            label={t(`setup.${name}`)}
            mode="numeric"
            value={inputs[name]}
            onValue={(input) => setInputs({ ...inputs, [name]: input })}
          />
        ))}
      </div>
      <p class="hint">{t("setup.empty_none")}</p>
      <Pick
        label={t("setup.heard_in")}
        choices={areaChoices(areas)}
        chosen={[area]}
        none=""
        onChosen={([chosen = ""]) => setArea(chosen)}
      />
      {ready && <Enter site={site} noted={{ step: "relay", id, name: row.name, edits: relayEdits(row) }} />}
    </>
  );
}
