/** The events of the box's records, newest first, fifty at a time: all of them, or those for which work stopped. */
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import type { Happened } from "../api/shapes/live.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";
import { EventList } from "./events.tsx";

const KINDS = [
  ["", "alarms.all"],
  ["permit.paused", "alarms.pauses"],
  ["permit.stopped", "alarms.stops"],
] as const;
type Kind = (typeof KINDS)[number][0];

interface Page {
  events: Happened[];
  before: number | null;
}

/** `newest`: the newest event of the live picture; when it changes the first page is fetched anew. */
export function Past({ newest }: { newest: number }) {
  const [kind, setKind] = useState<Kind>("");
  const [pages, setPages] = useState<Page[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    let late = false; // another kind was chosen meanwhile
    fetchPage(newest > 0 ? newest + 1 : null, kind).then(
      (first) => {
        if (late) return;
        setPages((known) => (known.length > 1 ? known : [first])); // who reads old ones is not thrown back
        setFailed(null);
      },
      (thrown) => late || setFailed(thrown),
    );
    return () => {
      late = true;
    };
  }, [newest, kind]);
  const last = pages.at(-1);
  const more = () => {
    fetchPage(last?.before ?? null, kind).then((page) => setPages([...pages, page]), setFailed);
  };
  return (
    <section class="group" id="past">
      <h2>{t("alarms.past")}</h2>
      <fieldset class="chips" aria-label={t("alarms.past")}>
        {KINDS.map(([id, words]) => (
          <button
            type="button"
            class="button"
            key={id}
            aria-pressed={kind === id}
            onClick={() => {
              if (kind === id) return;
              setPages([]);
              setKind(id);
            }}
          >
            {t(words)}
          </button>
        ))}
      </fieldset>
      {failed !== null && <FaultCard thrown={failed} />}
      {!last && failed === null && <Waiting what={t("alarms.past_comes")} />}
      {last && <EventList events={pages.flatMap((page) => page.events)} />}
      {last?.before && (
        <button type="button" class="button" onClick={more}>
          {t("alarms.older")}
        </button>
      )}
    </section>
  );
}

function fetchPage(before: number | null, kind: Kind): Promise<Page> {
  const asked = new URLSearchParams();
  if (before !== null) asked.set("before", String(before));
  if (kind !== "") asked.set("type", kind);
  return call<Page>("GET", asked.size > 0 ? `/events?${asked}` : "/events");
}
