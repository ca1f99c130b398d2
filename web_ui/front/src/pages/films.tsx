/** All films, permit by permit: looked at, kept, taken away, each with a reason on record; and how long they stay. */
import "../styles/board.css";
import "../styles/cameras.css";
import { useCallback, useEffect, useState } from "preact/hooks";
import { type Film, type Films as FilmsTold, filmsNow, MOST_S } from "../api/films.ts";
import { session } from "../api/session.ts";
import { Copy, Mark } from "../films/copy.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { cut, namesOf } from "../parts/name.tsx";
import { useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import type { Params } from "../router.tsx";
import { useStore } from "../store.ts";
import { dateAndClock, lasting } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";

const GB = 1e9;
const LETS_GO = new Set(["safety_officer", "admin"]); // edge_agent/decide/asking/film.py ANSWERS_FOR

export function Films(_: { params: Params }) {
  const [told, setTold] = useState<FilmsTold | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const load = useCallback(() => {
    filmsNow().then(setTold, setFailed);
  }, []);
  useEffect(load, [load]);
  const { live } = useShown();
  const cameras = live ? namesOf(live) : new Map<string, string>();
  const permits = [...new Set(told?.films.map((one) => one.permit))];
  return (
    <div class="board cameras flow">
      <section class="card">
        <h1>{t("films.title")}</h1>
        <p class="hint">{t("films.about")}</p>
        {failed !== null && <FaultCard thrown={failed} />}
        {!told && failed === null && <Waiting what={t("films.comes")} />}
        {told && <Rules told={told} />}
        {told?.films.length === 0 && <p>{t("films.none")}</p>}
        {told?.more && <p>{t("films.more")}</p>}
      </section>
      {permits.map((permit) => (
        <section key={permit} class="card" aria-label={permit || t("films.unit")}>
          <h2>{permit === "" ? t("films.unit") : cut(permit, 40)}</h2>
          <ul class="films">
            {told?.films
              .filter((one) => one.permit === permit)
              .map((one) => (
                <One key={one.name} film={one} camera={cameras.get(one.camera) ?? one.camera} onDone={load} />
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Rules({ told: { rules } }: { told: FilmsTold }) {
  if (!rules) return <p>{t("films.no_rules")}</p>;
  return (
    <ul class="film-rules">
      <li>{t("films.days", { days: rules.days })}</li>
      {rules.kinds.map((one) => (
        <li key={one.kind}>
          {t("films.room", {
            kind: term("film_kind", one.kind),
            used: (one.bytes / GB).toFixed(2),
            most: (one.most_bytes / GB).toFixed(0),
            kept: (one.marked_bytes / GB).toFixed(2),
          })}
        </li>
      ))}
      {said(rules.early) !== "" && (
        <li>
          <strong>{said(rules.early)}</strong>
        </li>
      )}
    </ul>
  );
}

type Doing = "play" | "masked" | "mark" | null;

function One({ film, camera, onDone }: { film: Film; camera: string; onDone: () => void }) {
  const [doing, setDoing] = useState<Doing>(null);
  const [from, setFrom] = useState(0);
  const roles = useStore(session)?.who?.roles ?? [];
  const long_s = Math.max(1, Math.ceil(film.ended_utc - film.began_utc));
  const span: [number, number] = [from, Math.min(long_s, from + MOST_S)];
  const turn = (to: Doing) => setDoing(doing === to ? null : to);
  return (
    <li data-film={film.name}>
      <p>
        <b>{dateAndClock(film.began_utc)}</b> · {cut(camera, 40)} · {term("film_kind", film.kind)} ·{" "}
        {lasting(long_s)} · {(film.size / 1e6).toFixed(1)} MB
        {film.marked && <strong> · {t("films.kept")}</strong>}
        {film.open && <span> · {t("films.open")}</span>}
      </p>
      {long_s > MOST_S && (
        <label class="field">
          {t("films.from", { time: lasting(from), most: MOST_S / 60 })}
          <input
            type="range"
            min={0}
            max={long_s - 1}
            step={10}
            value={from}
            onInput={(event) => {
              setFrom(event.currentTarget.valueAsNumber);
              setDoing(null);
            }}
          />
        </label>
      )}
      <div class="tools">
        <Tool word={t("films.do_play")} on={doing === "play"} turn={() => turn("play")} />
        <Tool word={t("films.do_masked")} on={doing === "masked"} turn={() => turn("masked")} />
        {(!film.marked || roles.some((one) => LETS_GO.has(one))) && (
          <Tool
            word={t(film.marked ? "films.do_let_go" : "films.do_keep")}
            on={doing === "mark"}
            turn={() => turn("mark")}
          />
        )}
      </div>
      {(doing === "play" || doing === "masked") && (
        <Copy key={`${doing}${from}`} film={film} span={span} deed={doing} />
      )}
      {doing === "mark" && (
        <Mark
          film={film}
          onDone={() => {
            setDoing(null);
            setTimeout(onDone, 1000); // the box sets the mark once it is on record
          }}
        />
      )}
    </li>
  );
}

function Tool({ word, on, turn }: { word: string; on: boolean; turn: () => void }) {
  return (
    <button type="button" class="button" aria-pressed={on} onClick={turn}>
      {word}
    </button>
  );
}
