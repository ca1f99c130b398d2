/** What the cameras see: the newest still, or in words why there is none. */
import { useEffect, useRef, useState } from "preact/hooks";
import { API } from "../api/client.ts";
import type { Camera } from "../api/shapes/seen.ts";
import { Icon } from "../parts/icon.tsx";
import { brief } from "../parts/name.tsx";
import { Heard } from "../parts/now.tsx";
import { t, term } from "../words/words.ts";

const EVERY_S = 1; // at most one still a second and camera

export function Cameras({ cameras, at_utc }: { cameras: Camera[]; at_utc: number }) {
  if (cameras.length === 0) return <p class="empty">{t("camera.none")}</p>;
  return (
    <>
      {cameras.map((one) => (
        <Seen key={one.id} camera={one} at_utc={at_utc} />
      ))}
    </>
  );
}

function Seen({ camera, at_utc }: { camera: Camera; at_utc: number }) {
  const clear = camera.view === "clear";
  return (
    <article class="camera" data-view={clear ? "clear" : "not"} data-camera={camera.id}>
      <div class="frame">
        <Still camera={camera} at_utc={at_utc} />
        {!clear && (
          <p class="not-monitored">
            <Icon of="gone" />
            <span>{t("camera.not_monitored")}</span>
            <small>{term("view", camera.view)}</small>
          </p>
        )}
      </div>
      <p class="caption">
        <b>{brief(camera.name)}</b>
        {clear ? (
          <span>{t("view.clear")}</span>
        ) : (
          <strong>
            {t("camera.not_monitored")} · {term("view", camera.view)}
          </strong>
        )}
        <span>{heads(camera)}</span>
        <Heard age_s={camera.age_s} say="camera.age" never="camera.never" />
      </p>
    </article>
  );
}

/** The next still is fetched when the last one came, so that a slow link is not asked twice. */
export function Still({ camera, at_utc }: { camera: Camera; at_utc: number }) {
  const [here, setHere] = useState(false);
  const [asked, setAsked] = useState(at_utc);
  const busy = useRef(true);
  useEffect(() => {
    if (busy.current || Math.abs(at_utc - asked) < EVERY_S) return;
    busy.current = true;
    setAsked(at_utc);
  }, [at_utc, asked]);
  const came = (there: boolean) => {
    busy.current = false;
    setHere(there);
  };
  return (
    <>
      <img
        class={here ? "here" : ""}
        src={`${API}/stills/${encodeURIComponent(camera.id)}.jpg?t=${asked}`}
        width={640}
        height={360}
        alt={t("camera.alt", { name: brief(camera.name) })}
        onLoad={() => came(true)}
        onError={() => came(false)}
      />
      {!here && <p class="no-picture">{t("camera.no_picture")}</p>}
    </>
  );
}

function heads(camera: Camera): string {
  if (camera.persons === null) return t("camera.persons_unknown");
  const inside = camera.persons_in.map((one) =>
    t("camera.in_area", { area: brief(one.area, 30), count: one.persons }),
  );
  return [t("camera.persons", { count: camera.persons }), ...inside, ...passed(camera), ...worn(camera)].join(
    " · ",
  );
}

/** Who went through the openings that it watches. */
function passed(camera: Camera): string[] {
  return (camera.passed ?? []).map(({ area, ins, outs, sure }) =>
    t(sure ? "camera.passed" : "camera.passed_unsure", { area: brief(area, 30), ins, outs }),
  );
}

/** Protective equipment, where any is asked of those in the picture. */
function worn({ ppe }: Camera): string[] {
  if (!ppe) return [];
  const { compliant, missing, not_assessable } = ppe;
  return [t("camera.ppe", { compliant, missing, not_assessable })];
}
