/** A permit without a centre: drawn up here in few fields, or more time for one. It passes the same gate as any. */
import "../styles/tasks.css";
import "../styles/tickets.css";
import { useEffect, useState } from "preact/hooks";
import { call } from "../api/client.ts";
import { session } from "../api/session.ts";
import type { PlanArea } from "../api/shapes/places.ts";
import type { Offers } from "../api/shapes/tickets.ts";
import { FaultCard } from "../parts/fault.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { path } from "../router.tsx";
import { useStore } from "../store.ts";
import { Extend } from "../tickets/extend.tsx";
import { Fill } from "../tickets/fill.tsx";
import { t } from "../words/words.ts";

const MAY = ["holder", "shift_lead"];

export function Ticket() {
  const who = useStore(session)?.who;
  const { live } = useShown();
  const old = new URLSearchParams(useStore(path).split("?")[1] ?? "").get("extends");
  const [offers, setOffers] = useState<Offers | null>(null);
  const [areas, setAreas] = useState<PlanArea[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    call<Offers>("GET", "/works").then(setOffers, setFailed);
    call<{ areas: PlanArea[] }>("GET", "/plan").then((plan) => setAreas(plan.areas), setFailed);
  }, []);
  if (!who?.roles.some((role) => MAY.includes(role))) return <p class="card">{t("ticket.not_yours")}</p>;
  if (failed !== null) return <FaultCard thrown={failed} again={() => location.reload()} />;
  return (
    <div class="flow">
      <NotLive />
      {!live || !offers || !areas ? (
        <Waiting what={t("ticket.comes")} />
      ) : old ? (
        <Extend old={old} live={live} offers={offers} />
      ) : (
        <Fill live={live} offers={offers} areas={areas} me={who.id} />
      )}
    </div>
  );
}
