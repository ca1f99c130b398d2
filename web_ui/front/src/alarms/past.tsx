/** The events of the box's records, newest first, fifty at a time. */
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import type { Happened } from "../api/types.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";
import { EventList } from "./events.tsx";

interface Page {
  events: Happened[];
  before: number | null;
}

/** `newest`: the newest event of the live picture; when it changes the first page is fetched anew. */
export function Past({ newest }: { newest: number }) {
  const [pages, setPages] = useState<Page[]>([]);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    fetchPage(newest > 0 ? newest + 1 : null).then((first) => {
      setPages((known) => (known.length > 1 ? known : [first])); // who reads old ones is not thrown back
      setFailed(null);
    }, setFailed);
  }, [newest]);
  const last = pages.at(-1);
  const more = () => {
    fetchPage(last?.before ?? null).then((page) => setPages([...pages, page]), setFailed);
  };
  return (
    <section class="group" id="past">
      <h2>{t("alarms.past")}</h2>
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

function fetchPage(before: number | null): Promise<Page> {
  return call<Page>("GET", before === null ? "/events" : `/events?before=${before}`);
}
