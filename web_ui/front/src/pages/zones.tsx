/** The site's areas drawn anew: dragged, split, given a height; checked by the box itself before anybody signs. */
import "../styles/board.css";
import "../styles/map.css";
import "../styles/zones.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { asFault } from "../api/client.ts";
import type { Area, Areas } from "../api/shapes/places.ts";
import { areasNow, fromGeoJson, GEOJSON } from "../api/zones.ts";
import type { Spot } from "../event/map.ts";
import { frameOf } from "../map/places.ts";
import { Stage } from "../map/stage.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { FileButton } from "../parts/file.tsx";
import { brief } from "../parts/name.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { NoteAreas } from "../setup/areas.tsx";
import { proposal } from "../setup/proposal.ts";
import { t } from "../words/words.ts";
import {
  add,
  areaAt,
  begun,
  changed,
  type Draft,
  drop,
  fresh,
  merged,
  moveCorner,
  redone,
  snapped,
  split,
  undone,
} from "../zones/draft.ts";
import { Drawing } from "../zones/drawing.tsx";
import { type Change, Fields } from "../zones/fields.tsx";
import { Saving } from "../zones/saving.tsx";

const REACH_PX = 14; // within which a corner goes onto another one, or onto an edge

export function Zones() {
  return <All noting={false} />;
}

/** In the wizard: noted with the devices, and in force with them. */
export function NotedZones() {
  return <All noting />;
}

function All({ noting }: { noting: boolean }) {
  const { live } = useShown();
  const [now, setNow] = useState<Areas | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const load = () => {
    areasNow().then(setNow, setFailed);
  };
  useEffect(load, []);
  return (
    <div class="board map zones">
      <NotLive />
      <h1>{t("zones.title")}</h1>
      {!noting && (
        <Link to="/labels" class="button">
          {t("labels.title")}
        </Link>
      )}
      {failed !== null && <FaultCard thrown={failed} />}
      {!now && failed === null && <Waiting what={t("zones.comes")} />}
      {now && (
        <Editor
          key={now.sha256}
          now={now}
          live={live}
          noting={noting}
          onSaved={() => {
            tell(() => t("zones.saved"));
            load();
          }}
        />
      )}
    </div>
  );
}

interface Props {
  now: Areas;
  live: ReturnType<typeof useShown>["live"];
  noting: boolean;
  onSaved: () => void;
}

function Editor({ now, live, noting, onSaved }: Props) {
  const [draft, setDraft] = useState<Draft>(() =>
    begun((noting && proposal.get().areas?.areas) || now.areas),
  );
  const [moving, setMoving] = useState<Area[] | null>(null); // while a corner is dragged
  const [chosen, setChosen] = useState(now.areas[0]?.id ?? "");
  const [picked, setPicked] = useState<number[]>([]);
  const [outline, setOutline] = useState<Spot[] | null>(null);
  const whole = useMemo(() => frameOf(now.areas), [now]);
  const areas = moving ?? draft.areas;
  const area = areas.find((one) => one.id === chosen);
  const change: Change = (by) => setDraft((now) => changed(now, by(now.areas)));
  const choose = (id: string) => {
    setChosen(id);
    setPicked([]);
  };
  const dragged = (handle: string, spot: Spot, per_px: number, done: boolean) => {
    const at = Number(handle);
    const to = snapped(draft.areas, spot, REACH_PX * per_px, { id: chosen, at });
    const next = moveCorner(draft.areas, chosen, at, to);
    setMoving(done ? null : next);
    if (done) change(() => next);
  };
  const finish = () => {
    if (!outline || outline.length < 3) return;
    const made = fresh(draft.areas, outline, { zh: t("zones.fresh"), en: t("zones.fresh") });
    change((all) => add(all, made));
    setOutline(null);
    choose(made.id);
  };
  return (
    <div class="map-and-list">
      <div>
        <Stage
          whole={whole}
          near={null}
          label={t("zones.label")}
          onRest={nothing}
          onHandle={dragged}
          onTap={(spot, per_px) => {
            const there = areaAt(draft.areas, spot);
            if (outline) setOutline([...outline, snapped(draft.areas, spot, REACH_PX * per_px, null)]);
            else if (there) choose(there.id);
          }}
        >
          <Drawing
            areas={areas}
            chosen={chosen}
            picked={picked}
            outline={outline ?? []}
            wide_m={whole.width / 8}
          />
        </Stage>
        <p class="hint">{t(outline ? "zones.draw_about" : "zones.about")}</p>
      </div>
      <div class="places">
        <section class="card tools" role="toolbar" aria-label={t("zones.tools")}>
          <Tool word={t("zones.undo")} off={draft.before.length === 0} on={() => setDraft(undone(draft))} />
          <Tool word={t("zones.redo")} off={draft.after.length === 0} on={() => setDraft(redone(draft))} />
          {outline === null ? (
            <Tool word={t("zones.draw")} on={() => setOutline([])} />
          ) : (
            <Tool word={t("zones.finish", { count: outline.length })} off={outline.length < 3} on={finish} />
          )}
          {outline !== null && <Tool word={t("zones.cancel")} on={() => setOutline(null)} />}
          <Tool
            word={t("zones.split")}
            off={picked.length !== 2}
            on={() => {
              change((all) => split(all, chosen, picked[0] ?? 0, picked[1] ?? 0));
              setPicked([]);
            }}
          />
          <Tool word={t("zones.drop")} off={!area} on={() => change((all) => drop(all, chosen))} />
        </section>
        <fieldset class="card zone-list" aria-label={t("zones.list")}>
          {areas.map((one) => (
            <button
              key={one.id}
              type="button"
              class="button"
              aria-pressed={one.id === chosen}
              onClick={() => choose(one.id)}
            >
              {brief(one.name, 40)}
            </button>
          ))}
        </fieldset>
        {area && (
          <Fields
            key={chosen}
            area={area}
            picked={picked}
            pick={(at) =>
              setPicked(picked.includes(at) ? picked.filter((one) => one !== at) : [...picked, at].slice(-2))
            }
            change={change}
          />
        )}
        <GeoJson onAreas={(others) => change((all) => merged(all, others))} />
        {noting ? (
          <NoteAreas areas={draft.areas} before={now.sha256} same={draft.areas === now.areas} />
        ) : (
          <Saving areas={draft.areas} before={now.sha256} live={live} onSaved={onSaved} />
        )}
      </div>
    </div>
  );
}

function nothing() {}

function Tool({ word, off = false, on }: { word: string; off?: boolean; on: () => void }) {
  return (
    <button type="button" class="button" disabled={off} onClick={on}>
      {word}
    </button>
  );
}

function GeoJson({ onAreas }: { onAreas: (areas: Area[]) => void }) {
  const [failed, setFailed] = useState<unknown>(null);
  const take = async (file: File) => {
    try {
      onAreas(await fromGeoJson(await file.text()));
      setFailed(null);
    } catch (thrown) {
      setFailed(asFault(thrown));
    }
  };
  return (
    <section class="card">
      <h2>GeoJSON</h2>
      <a class="button" href={GEOJSON} download="areas.geojson">
        {t("zones.outward")}
      </a>
      <FileButton
        words={t("zones.inward")}
        accept=".geojson,.json,application/geo+json"
        onFile={(file) => void take(file)}
      />
      {failed !== null && <FaultCard thrown={failed} />}
    </section>
  );
}
