/** Areas, guards' posts, points of the floor and hidden parts, drawn on the live picture; saved as any other setting. */
import { useEffect, useState } from "preact/hooks";
import { type CameraSet, type Corner, fitOf } from "../api/cameras.ts";
import { asFault } from "../api/client.ts";
import { settingsNow } from "../api/settings.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Settings } from "../api/shapes/settings.ts";
import { FaultCard } from "../parts/fault.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { edits, put, type Table, valueAt } from "../settings/draft.ts";
import { Saving } from "../settings/saving.tsx";
import { t } from "../words/words.ts";
import { begun, boxOf, type Draft, FEWEST, freshId, movedCorner, movedPoint, tableOf } from "./draft.ts";
import type { Look } from "./live.ts";
import { Zones } from "./overlay.tsx";
import { Pencil } from "./pencil.tsx";
import { Picture } from "./picture.tsx";
import { AreaTools, HideTools, PointTools } from "./tools.tsx";

export type Mode = "areas" | "points" | "hide";
const MODES: readonly Mode[] = ["areas", "points", "hide"];

interface Begun {
  set: CameraSet;
  look: Look;
  areas: readonly PlanArea[];
  onDone: () => void;
}

export function Draw({ set, look, areas, onDone }: Begun) {
  const [settings, setSettings] = useState<Settings | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    settingsNow().then(setSettings, (thrown) => setFailed(asFault(thrown)));
  }, []);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!settings) return <Waiting what={t("cameras.comes")} />;
  return (
    <Desk key={settings.sha256} set={set} look={look} areas={areas} settings={settings} onDone={onDone} />
  );
}

interface Props extends Begun {
  settings: Settings;
}

function Desk({ set, look, areas, settings, onDone }: Props) {
  const [before] = useState(set); // what the settings said when this was begun
  const [draft, setDraft] = useState<Draft>(() => begun(set));
  const [mode, setMode] = useState<Mode>("areas");
  const [chosen, setChosen] = useState(0);
  const [outline, setOutline] = useState<Corner[] | null>(null);
  const residual = useFit(draft);
  const area = draft.areas[chosen];
  const handles = mode === "areas" && outline === null ? (area?.corners ?? []) : [];
  const points = mode === "points" ? draft.on_plan.map((one) => one.picture) : handles;
  const tapped = (at: Corner) => {
    if (mode === "areas") setOutline((now) => now && [...now, at]);
    else if (mode === "points")
      setDraft({ ...draft, on_plan: [...draft.on_plan, { picture: at, plan_m: [0, 0] }] });
    else if (outline?.[0]) {
      setDraft({ ...draft, hide: [...draft.hide, boxOf(outline[0], at)] });
      setOutline([]);
    } else setOutline([at]);
  };
  const finish = (id: string) => {
    if (!outline || outline.length < FEWEST) return;
    const fresh = {
      id: freshId(draft.areas, id),
      area: id,
      corners: outline,
      post: false,
      stop_on_entry: false,
    };
    setDraft({ ...draft, areas: [...draft.areas, fresh] });
    setChosen(draft.areas.length);
    setOutline(null);
  };
  const at = ["cameras", set.id];
  const table = valueAt(settings.values, at) as Table;
  const next = put(settings.values, at, tableOf(table, before, draft)) as Table;
  const change = {
    file: "site.toml",
    before: settings.sha256,
    edits: edits(settings.values, next, new Map()),
  };
  return (
    <>
      <Picture set={set} look={look} touched>
        {(size, per_px) => (
          <>
            <Zones set={{ ...set, areas: draft.areas }} plan={areas} size={size} per_px={per_px} />
            <Pencil
              size={size}
              per_px={per_px}
              handles={points}
              outline={outline ?? []}
              hide={draft.hide}
              onTap={tapped}
              onMove={(number, to) =>
                setDraft(
                  mode === "points" ? movedPoint(draft, number, to) : movedCorner(draft, chosen, number, to),
                )
              }
            />
          </>
        )}
      </Picture>
      <div class="tools" role="toolbar" aria-label={t("cameras.draw")}>
        {MODES.map((one) => (
          <button
            key={one}
            type="button"
            class="button"
            aria-pressed={mode === one}
            onClick={() => {
              setMode(one);
              setOutline(one === "hide" ? [] : null);
            }}
          >
            {t(`cameras.draw_${one}`)}
          </button>
        ))}
      </div>
      <p class="hint">{t(`cameras.draw_${mode}_about`)}</p>
      {mode === "areas" && (
        <AreaTools
          draft={draft}
          chosen={chosen}
          outline={outline}
          known={settings.known.areas ?? []}
          plan={areas}
          choose={setChosen}
          begin={() => setOutline([])}
          finish={finish}
          cancel={() => setOutline(null)}
          change={setDraft}
        />
      )}
      {mode === "points" && <PointTools draft={draft} residual={residual} change={setDraft} />}
      {mode === "hide" && <HideTools draft={draft} change={setDraft} />}
      <Saving
        change={change}
        empty={change.edits.length === 0}
        onFaults={nothing}
        onSaved={() => {
          tell(() => t("zones.saved"));
          onDone();
        }}
      />
    </>
  );
}

function nothing() {}

/** How well the points agree, as the box reckons it: asked whenever one of them is another. */
function useFit({ on_plan }: Draft): number | null {
  const [residual, setResidual] = useState<number | null>(null);
  const of = JSON.stringify(on_plan);
  useEffect(() => {
    let left = false;
    const timer = setTimeout(() => {
      fitOf(JSON.parse(of)).then(
        (told) => left || setResidual(told),
        () => left || setResidual(null),
      );
    }, 200);
    return () => {
      left = true;
      clearTimeout(timer);
    };
  }, [of]);
  return residual;
}
