/** What cameras filmed at the moment that is looked at: the film goes with the scrubber. */
import { useEffect, useState } from "preact/hooks";
import { type Film, filmsNow, spanAround } from "../api/films.ts";
import { Copy } from "../films/copy.tsx";
import { cut } from "../parts/name.tsx";
import { dateAndClock } from "../words/times.ts";
import { t, term } from "../words/words.ts";

const BEFORE_S = 60;
const AFTER_S = 60;

interface Props {
  event_utc: number;
  at_utc: number;
}

export function FilmsThen({ event_utc, at_utc }: Props) {
  const [films, setFilms] = useState<Film[]>([]);
  const [chosen, setChosen] = useState<Film | null>(null);
  useEffect(() => {
    filmsNow().then(
      ({ films: all }) =>
        setFilms(
          all.filter((one) => one.began_utc <= event_utc + AFTER_S && one.ended_utc >= event_utc - BEFORE_S),
        ),
      () => setFilms([]), // whoever may not see films is shown none
    );
  }, [event_utc]);
  if (films.length === 0) return null;
  return (
    <section class="group films-then">
      <h2>{t("films.then")}</h2>
      <div class="controls">
        {films.map((one) => (
          <button
            key={one.name}
            type="button"
            class="button"
            aria-pressed={chosen?.name === one.name}
            onClick={() => setChosen(one)}
          >
            {cut(one.camera, 24)} · {term("film_kind", one.kind)} · {dateAndClock(one.began_utc)}
          </button>
        ))}
      </div>
      {chosen && (
        <Copy
          key={chosen.name}
          film={chosen}
          span={spanAround(chosen, event_utc, BEFORE_S, AFTER_S)}
          deed="play"
          at_utc={at_utc}
        />
      )}
    </section>
  );
}
