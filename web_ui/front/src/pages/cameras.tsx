/** All cameras with how they are; and one of them live, with what was seen in it. */
import "../styles/board.css";
import "../styles/board-lists.css";
import "../styles/cameras.css";
import { useEffect, useState } from "preact/hooks";
import { type CameraSet, type CameraSets, camerasNow } from "../api/cameras.ts";
import { call } from "../api/client.ts";
import { session } from "../api/session.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { Still } from "../board/cameras.tsx";
import { Draw } from "../cameras/draw.tsx";
import { Facts } from "../cameras/facts.tsx";
import { ageOf, STALE_S, useLive, useTicks, useVisible } from "../cameras/live.ts";
import { CameraLogin } from "../cameras/login.tsx";
import { People, Zones } from "../cameras/overlay.tsx";
import { Persons } from "../cameras/persons.tsx";
import { Picture } from "../cameras/picture.tsx";
import { Goal, useWalk, WalkTest } from "../cameras/walk.tsx";
import { keepsDevices } from "../devices/findings.ts";
import { Raw } from "../event/raw.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { brief } from "../parts/name.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link, type Params } from "../router.tsx";
import { useStore } from "../store.ts";
import { said, t, term } from "../words/words.ts";

const AGAIN_MS = 3000;
const EXACT = 4; // so many points fit whatever they are: they prove nothing

export function Cameras() {
  const { sets, failed } = useSets();
  const { live, stale } = useShown();
  const seen = new Map(live?.cameras.map((one) => [one.id, one]));
  const calm = (one: CameraSet) => Number(seen.get(one.id)?.view === "clear");
  return (
    <div class="board cameras flow">
      <NotLive />
      <section class="card">
        <h1>{t("cameras.title")}</h1>
        <p class="hint">{t("cameras.about")}</p>
        {failed !== null && <FaultCard thrown={failed} />}
        {!sets && failed === null && <Waiting what={t("cameras.comes")} />}
        {sets && said(sets.fault) !== "" && <p role="alert">{said(sets.fault)}</p>}
        {sets?.cameras.length === 0 && <p>{t("cameras.none")}</p>}
      </section>
      <ul class={stale ? "camera-list stale" : "camera-list"}>
        {[...(sets?.cameras ?? [])]
          .sort((one, two) => calm(one) - calm(two))
          .map((set) => {
            const camera = seen.get(set.id);
            const clear = camera?.view === "clear";
            return (
              <li key={set.id} class="card camera" data-view={clear ? "clear" : "not"} data-camera={set.id}>
                <h2>
                  <Icon of={clear ? "may_work" : "gone"} /> {brief(set.name)} <small>{set.id}</small>
                </h2>
                <div class="frame">{camera && live && <Still camera={camera} at_utc={live.at_utc} />}</div>
                <p>
                  <b>
                    {clear
                      ? t("view.clear")
                      : `${t("camera.not_monitored")} · ${camera ? term("view", camera.view) : t("cameras.unknown")}`}
                  </b>
                </p>
                <Facts set={set} seen={camera} />
                <Link to={`/cameras/${encodeURIComponent(set.id)}`} class="button main">
                  {t("cameras.open")}
                </Link>
              </li>
            );
          })}
      </ul>
    </div>
  );
}

/** The same page with the walk test open: where the commissioning leads. */
export function WalkedCamera({ params }: { params: Params }) {
  return <Camera params={params} walks />;
}

export function Camera({ params, walks = false }: { params: Params; walks?: boolean }) {
  const { sets, failed } = useSets();
  const id = params.camera ?? "";
  const set = sets?.cameras.find((one) => one.id === id);
  return (
    <div class="board cameras flow">
      <NotLive />
      <p>
        <Link to="/cameras" class="button">
          <Icon of="back" /> {t("cameras.all")}
        </Link>
      </p>
      {failed !== null && <FaultCard thrown={failed} />}
      {!sets && failed === null && <Waiting what={t("cameras.comes")} />}
      {sets && !set && <p class="card">{t("cameras.no_such", { id })}</p>}
      {set && <One key={id} set={set} faces={sets?.faces ?? false} walks={walks} />}
    </div>
  );
}

function One({ set, faces, walks }: { set: CameraSet; faces: boolean; walks: boolean }) {
  const { live } = useShown();
  const plan = usePlan();
  const [areas, setAreas] = useState(true);
  const [boxes, setBoxes] = useState(true);
  const [drawing, setDrawing] = useState(false);
  const [login, setLogin] = useState(false);
  const [walking, setWalking] = useState(walks);
  const visible = useVisible();
  const look = useLive(set.id, visible);
  const walked = useWalk(set.id, walking && visible);
  const roles = useStore(session)?.who?.roles ?? [];
  const fits = roles.includes("technician") || roles.includes("admin");
  const tests = fits || roles.includes("safety_officer");
  const keeps = keepsDevices(roles);
  const seen = live?.cameras.find((one) => one.id === set.id);
  const age_s = ageOf(look, useTicks(500));
  const shown = age_s !== null && age_s < STALE_S ? look.shown : null; // who was there is not who is there
  return (
    <div class="one-camera">
      <section class="card">
        <h1>
          {brief(set.name)} <small>{set.id}</small>
        </h1>
        {drawing ? (
          <Draw set={set} look={look} areas={plan} onDone={() => setDrawing(false)} />
        ) : (
          <Picture set={set} look={look}>
            {(size, per_px) => (
              <>
                {areas && <Zones set={set} plan={plan} size={size} per_px={per_px} />}
                {walking && <Goal now={walked.now} size={size} per_px={per_px} />}
                {boxes && shown && !shown.whole && <People shown={shown} size={size} per_px={per_px} />}
              </>
            )}
          </Picture>
        )}
        <div class="tools" role="toolbar" aria-label={t("cameras.label", { name: brief(set.name) })}>
          {!drawing && <Toggle word={t("cameras.show_areas")} on={areas} turn={setAreas} />}
          {!drawing && <Toggle word={t("cameras.show_boxes")} on={boxes} turn={setBoxes} />}
          {keeps && <Toggle word={t("cameras.draw")} on={drawing} turn={setDrawing} />}
          {tests && <Toggle word={t("walk.title")} on={walking} turn={setWalking} />}
          {fits && <Toggle word={t("cameras.login")} on={login} turn={setLogin} />}
        </div>
      </section>
      <div class="flow beside-picture">
        {walking && tests && <WalkTest set={set} walked={walked} plan={plan} />}
        {login && <CameraLogin camera={set.id} onDone={() => setLogin(false)} />}
        <section class="card">
          <Facts set={set} seen={seen} />
          <p class="hint">{calibration(set)}</p>
          <Persons shown={shown} seen={seen} plan={plan} />
          {faces && (
            <Raw
              path={`/stills/${encodeURIComponent(set.id)}/raw`}
              name={`${set.id}.jpg`}
              called={brief(set.name)}
            />
          )}
        </section>
      </div>
    </div>
  );
}

function Toggle({ word, on, turn }: { word: string; on: boolean; turn: (on: boolean) => void }) {
  return (
    <button type="button" class="button" aria-pressed={on} onClick={() => turn(!on)}>
      {word}
    </button>
  );
}

function calibration({ on_plan, residual_m }: CameraSet): string {
  const count = on_plan.length;
  if (count === 0) return t("cameras.plan_none");
  if (residual_m === null) return t("cameras.plan_bad", { count });
  if (count === EXACT) return t("cameras.plan_four");
  return t("cameras.plan_points", { count, residual: residual_m.toFixed(2) });
}

/** What people call the areas; without a plan they are called by their ids. */
function usePlan(): readonly PlanArea[] {
  const [areas, setAreas] = useState<readonly PlanArea[]>([]);
  useEffect(() => {
    call<{ areas: PlanArea[] }>("GET", "/plan").then(
      (plan) => setAreas(plan.areas),
      () => setAreas([]),
    );
  }, []);
  return areas;
}

/** What the settings say stays: somebody may be drawing. */
function unheard(sets: CameraSets): CameraSets {
  return { ...sets, cameras: sets.cameras.map((one) => ({ ...one, health: null })) };
}

/** What the settings say, and how all are: asked again, for rates and delays change. */
function useSets() {
  const [sets, setSets] = useState<CameraSets | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    let timer = 0;
    const ask = () => {
      camerasNow()
        .then(
          (told) => {
            setSets(told);
            setFailed(null);
          },
          (thrown) => {
            setSets((before) => before && unheard(before)); // how they were a while ago is not how they are
            setFailed(thrown);
          },
        )
        .finally(() => {
          timer = window.setTimeout(ask, AGAIN_MS);
        });
    };
    ask();
    return () => clearTimeout(timer);
  }, []);
  return { sets, failed };
}
