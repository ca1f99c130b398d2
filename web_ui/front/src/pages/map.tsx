/** The site as it is now: areas, people, detectors, cameras, work; in a drawing, and in words beside it. */
import "../styles/board.css";
import "../styles/map.css";
import { useEffect, useMemo, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import type { Plan } from "../api/shapes/places.ts";
import { Areas, Labels, Marks, Names } from "../map/drawn.tsx";
import { List } from "../map/list.tsx";
import { frameOf, placesOf } from "../map/places.ts";
import { type Seen, Stage } from "../map/stage.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { useDrawn } from "../words/drawn.ts";
import { t } from "../words/words.ts";

export function SiteMap() {
  const { live, stale } = useShown();
  const [plan, setPlan] = useState<Plan | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    call<Plan>("GET", "/plan").then(setPlan, setFailed);
  }, []);
  if (failed !== null) return <FaultCard thrown={failed} />;
  return (
    <div class={stale ? "board map stale-board" : "board map"}>
      <NotLive />
      <h1>{t("map.title")}</h1>
      {!live || !plan ? <Waiting what={t("wait.picture")} /> : <Shown plan={plan} />}
    </div>
  );
}

function Shown({ plan }: { plan: Plan }) {
  const { live } = useShown();
  const [seen, setSeen] = useState<Seen | null>(null);
  const [chosen, setChosen] = useState("");
  const whole = useMemo(() => frameOf(plan.areas), [plan]);
  const places = useMemo(() => (live ? placesOf(plan, live) : null), [plan, live]);
  const near = useMemo(() => {
    const area = plan.areas.filter((one) => one.id === chosen);
    return area.length > 0 ? frameOf(area) : null;
  }, [plan, chosen]);
  // Drawn anew for each picture, and when the plan rests at another size: not while it is dragged.
  const drawing = useDrawn(
    () =>
      live && places ? (
        <>
          <Areas all={places.all} chosen={chosen} />
          <Marks live={live} />
          <Labels all={places.all} seen={seen} />
          <Names people={live.people} seen={seen} />
        </>
      ) : null,
    [live, places, chosen, seen],
  );
  const list = useDrawn(
    () => places && <List places={places} chosen={chosen} choose={setChosen} />,
    [places, chosen],
  );
  return (
    <div class="map-and-list">
      <div>
        <Stage whole={whole} near={near} label={t("map.label")} onRest={setSeen}>
          {drawing}
        </Stage>
        <p class="hint">{t("map.legend")}</p>
      </div>
      {list}
    </div>
  );
}
