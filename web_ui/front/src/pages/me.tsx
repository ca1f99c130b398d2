/** What this box stores about whoever looks, and for how long. */
import "../styles/office.css";
import { useEffect, useState } from "preact/hooks";
import { call, RECORDS_MS } from "../api/client.ts";
import type { Known, Mine } from "../api/shapes/people.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Name } from "../parts/name.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { dateAndClock, siteDay } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";

export function Me() {
  const [found, setFound] = useState<Mine | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    call<Mine>("GET", "/me", undefined, RECORDS_MS).then(setFound, setFailed);
  }, []);
  if (failed !== null) return <FaultCard thrown={failed} />;
  if (!found) return <Waiting what={t("me.comes")} />;
  const { known, about } = found;
  return (
    <div class="flow">
      <section class="card office">
        <h1>{t("me.title")}</h1>
        <p>{t("me.about")}</p>
        <Roster known={known} />
      </section>
      <section class="card office">
        <h2>{t("me.kept")}</h2>
        <dl class="stored">
          {about.stored.map((one) => (
            <div key={one.what.zh}>
              <dt>{said(one.what)}</dt>
              <dd>{said(one.how_long)}</dd>
            </div>
          ))}
        </dl>
      </section>
      <section class="card office">
        <h2>{t("me.records", { count: about.records.reduce((all, one) => all + one.count, 0) })}</h2>
        <p class="hint">{t("me.looked_at", { count: about.looked_at })}</p>
        <dl class="stored">
          {about.records.map((one) => (
            <div key={one.type}>
              <dt>{term("event_type", one.type)}</dt>
              <dd>{t("me.times", { count: one.count, last: dateAndClock(one.last_utc) })}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}

function Roster({ known }: { known: Known }) {
  const { qualification: q } = known;
  const rows: [string, string][] = [
    [t("me.name"), known.name],
    [t("me.id"), known.id],
    [t("me.roles"), known.roles.map((role) => term("role", role)).join(t("phone.comma"))],
    [t("me.areas"), known.areas.join(t("phone.comma")) || t("me.everywhere")],
    ...(q
      ? ([
          [t("me.tag"), q.tag ?? "-"],
          [t("me.team"), [q.contractor, q.team].filter(Boolean).join(" · ") || "-"],
          [t("me.certificates"), q.certificates.map((one) => one.number).join(t("phone.comma")) || "-"],
          [t("me.trained"), q.training_ok_until_utc === null ? "-" : siteDay(q.training_ok_until_utc)],
        ] as [string, string][])
      : []),
  ];
  return (
    <dl class="stored">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Name of={value} most={400} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
