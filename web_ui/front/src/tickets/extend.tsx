/** More time for the work of a ticket: a ticket of its own, signed anew. */
import { useEffect, useState } from "preact/hooks";
import type { Live } from "../api/shapes/live.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import { useShown } from "../parts/notlive.tsx";
import { tell } from "../parts/told.tsx";
import { go } from "../router.tsx";
import { said, t, term } from "../words/words.ts";
import { extensionOf, hoursOf, usualHours } from "./draft.ts";
import { Pick } from "./pick.tsx";
import { Sign } from "./sign.tsx";

export function Extend({ old, live, offers }: { old: string; live: Live; offers: Offers }) {
  const { now_utc } = useShown();
  const permit = live.permits.find((one) => one.id === old);
  const work = offers.works.find((one) => one.type === permit?.type && one.level === permit.level) ?? null;
  const [hours, setHours] = useState(work ? usualHours(work) : 1);
  const arrive = useArrival(live);
  if (!permit) return <p class="card">{t("phone.no_such", { id: old })}</p>;
  return (
    <section class="card">
      <h1>{t("ticket.extend", { id: old })}</h1>
      <p>
        {term("type", permit.type)} {permit.level} · {said(permit.area)}
      </p>
      <p>{t("ticket.extend_what")}</p>
      <Hours hours={hoursOf(work)} chosen={hours} onChosen={setHours} />
      <Sign
        words={t("ticket.send")}
        form={{ ask: "ticket", ticket: extensionOf(old, hours, now_utc ?? live.at_utc) }}
        onDone={arrive}
      />
    </section>
  );
}

/** The new permit's page, when the picture shows it. */
export function useArrival(live: Live): () => void {
  const [before, setBefore] = useState<Set<string> | null>(null);
  useEffect(() => {
    const made = before && live.permits.find((one) => !before.has(one.id));
    if (made) go(`/p/${encodeURIComponent(made.id)}`, { replace: true });
  }, [live, before]);
  return () => {
    tell(() => t("ticket.made"));
    setBefore(new Set(live.permits.map((one) => one.id)));
  };
}

interface HoursProps {
  hours: number[];
  chosen: number;
  onChosen: (hours: number) => void;
}

export function Hours({ hours, chosen, onChosen }: HoursProps) {
  return (
    <Pick
      label={t("ticket.valid")}
      choices={hours.map((one) => ({ id: String(one), words: t("ticket.hours", { hours: one }) }))}
      chosen={[String(chosen)]}
      none=""
      onChosen={([id]) => onChosen(Number(id))}
    />
  );
}
