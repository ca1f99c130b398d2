/** A walk test: what the walker does now, each point ticked as the box itself sees it, and what came of it. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { CameraSet } from "../api/cameras.ts";
import type { Proof } from "../api/session.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import { type LiveWalk, walk, walkNow } from "../api/walk.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { said, t } from "../words/words.ts";
import { areaName, type Size } from "./overlay.tsx";

const AGAIN_MS = 700;
const STALE_MS = 4000; // the box writes twice a second while somebody walks

export interface Walked {
  now: LiveWalk | null; // before this camera
  fresh: boolean; // and the box still counts
}

/** Asked again and again while somebody sees it. */
export function useWalk(camera: string, on: boolean): Walked {
  const [now, setNow] = useState<LiveWalk | null>(null);
  const [changed_ms, setChanged] = useState(0);
  const [, tick] = useState(0);
  useEffect(() => {
    if (!on) return;
    let left = false;
    let last = "";
    const look = () => {
      walkNow()
        .then((found) => {
          if (left) return;
          const mine = found?.camera === camera ? found : null;
          const told = JSON.stringify(mine);
          if (told !== last) {
            last = told;
            setNow(mine);
            setChanged(performance.now());
          }
        })
        .catch(() => {})
        .finally(() => {
          if (!left) tick((count) => count + 1);
        });
    };
    look();
    const timer = setInterval(look, AGAIN_MS);
    return () => {
      left = true;
      clearInterval(timer);
    };
  }, [camera, on]);
  return { now, fresh: now !== null && performance.now() - changed_ms < STALE_MS };
}

interface Props {
  set: CameraSet;
  walked: Walked;
  plan: readonly PlanArea[];
}

export function WalkTest({ set, walked: { now, fresh }, plan }: Props) {
  const under_way = now !== null && now.outcome === "";
  return (
    <section class="card walk" aria-label={t("walk.title")} data-outcome={now?.outcome ?? "none"}>
      <h2>{t("walk.title")}</h2>
      {!under_way && <p class="hint">{t("walk.about")}</p>}
      {now && under_way && <UnderWay now={now} fresh={fresh} plan={plan} />}
      {now && !under_way && <Over now={now} />}
      {set.areas.length === 0 && <p role="alert">{t("walk.no_areas")}</p>}
      {set.areas.length > 0 && !under_way && <Deed camera={set.id} deed="begin" />}
      {set.areas.length > 0 && under_way && (
        <Folded label={t("walk.drop")}>
          <Deed camera={set.id} deed="drop" />
        </Folded>
      )}
    </section>
  );
}

function UnderWay({ now, fresh, plan }: { now: LiveWalk; fresh: boolean; plan: readonly PlanArea[] }) {
  const left = now.points.filter((one) => !one.done && !one.left_out).length;
  return (
    <>
      <p class="walk-next" role="status">
        <b>{said(now.next)}</b>
      </p>
      <p data-seen={fresh ? now.seen : "no_picture"}>
        <Icon of={fresh && now.seen === "one" ? "may_work" : "warning"} />{" "}
        {fresh ? t(`walk.seen_${now.seen}`) : t("walk.not_fresh")}
      </p>
      <p class="hint">{t("walk.left", { count: left, minutes: Math.ceil(now.left_s / 60) })}</p>
      <Points now={now} />
      <LeaveOut now={now} />
      <ul class="findings">
        {now.areas.map((one) => (
          <li key={one.area}>
            <Icon of={one.looks >= one.least ? "may_work" : "unknown"} />{" "}
            {t("walk.area", {
              area: areaName(one.area, plan),
              seen: one.seen,
              looks: one.looks,
              least: one.least,
            })}
          </li>
        ))}
      </ul>
    </>
  );
}

function Points({ now }: { now: LiveWalk }) {
  return (
    <ol class="walk-points">
      {now.points.map((one) => (
        <li key={one.id} data-done={one.done}>
          <Icon of={one.done ? "may_work" : one.left_out ? "gone" : "unknown"} /> {said(one.says)}
          {one.done && <small> · {t("walk.done")}</small>}
          {one.left_out && <small> · {t("walk.left_out", { reason: one.left_out })}</small>}
        </li>
      ))}
    </ol>
  );
}

/** A corner to which nobody can walk: a wall, a drop, the sky. Chosen, reasoned, signed; it stands in the certificate. */
function LeaveOut({ now }: { now: LiveWalk }) {
  const open = now.points.filter((one) => one.may_leave && !one.done && !one.left_out);
  const [point, setPoint] = useState("");
  const chosen = open.find((one) => one.id === point) ?? open[0];
  if (!chosen) return null;
  return (
    <Folded label={t("walk.leave_out_open")}>
      <p class="hint">{t("walk.leave_out_about")}</p>
      <label class="field">
        {t("walk.leave_out_which")}
        <select value={chosen.id} onChange={(event) => setPoint(event.currentTarget.value)}>
          {open.map((one) => (
            <option key={one.id} value={one.id}>
              {said(one.says)}
            </option>
          ))}
        </select>
      </label>
      <Deed key={chosen.id} camera={now.camera} deed="leave_out" point={chosen.id} />
    </Folded>
  );
}

function Over({ now }: { now: LiveWalk }) {
  const passed = now.outcome === "passed";
  const done = now.points.filter((one) => one.done).length;
  return (
    <>
      <p class="walk-next" role="status">
        <Icon of={passed ? "may_work" : "gone"} />{" "}
        <b>{t(`walk.${now.outcome as "passed" | "failed" | "dropped"}`)}</b>
      </p>
      {now.reasons?.map((one) => (
        <p key={one.en}>{said(one)}</p>
      ))}
      <p>{t("walk.count", { done, all: now.points.length })}</p>
      {!passed && <Points now={now} />}
      {now.outcome !== "dropped" && <p class="hint">{t("walk.kept")}</p>}
    </>
  );
}

interface DeedProps {
  camera: string;
  deed: "begin" | "drop" | "leave_out";
  point?: string;
}

function Deed({ camera, deed, point = "" }: DeedProps) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const signed = useSigned(
    busy,
    (reason: string, proof: Proof) => {
      setBusy(true);
      setFailed(null);
      walk(camera, deed, reason, proof, point)
        .catch(setFailed)
        .finally(() => setBusy(false));
    },
    deed === "leave_out" ? "" : t("walk.title"),
  );
  return (
    <SignedForm signed={signed} why={t("zones.reason")} enter={t(`walk.${deed}`)}>
      {failed !== null && <FaultCard thrown={failed} />}
    </SignedForm>
  );
}

/** One at a time, and there only while it is open: a badge at the reader signs what is to be seen, and nothing else. */
function Folded({ label, children }: { label: string; children: ComponentChildren }) {
  const [open, setOpen] = useState(false);
  return (
    <details name="walk-deed" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="button quiet">{label}</summary>
      {open && children}
    </details>
  );
}

/** Where the walker goes now, on the picture. */
export function Goal({ now, size, per_px }: { now: LiveWalk | null; size: Size; per_px: number }) {
  const next = now?.outcome === "" ? now.points.find((one) => !one.done && !one.left_out) : undefined;
  if (!next?.at) return null;
  const [x, y] = next.at;
  return (
    <circle
      class="walk-goal"
      cx={x * size.width}
      cy={y * size.height}
      r={22 * per_px}
      stroke-width={5 * per_px}
    />
  );
}
