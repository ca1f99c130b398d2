/** What stood at the moment: each permit with why, the alarms, what the outputs were told, what cameras had seen. */
import { API } from "../api/client.ts";
import type { Incident, PermitSpell } from "../api/shapes/incident.ts";
import { Word } from "../parts/glance.tsx";
import { brief, cut } from "../parts/name.tsx";
import { timeOfDay } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";
import { holding, stillsAt } from "./moment.ts";
import { toneThen } from "./tone.ts";

export function Then({ incident, at_utc }: { incident: Incident; at_utc: number }) {
  const permits = holding(incident.permits, at_utc);
  const alarms = holding(incident.alarms, at_utc);
  const outputs = holding(incident.outputs, at_utc);
  const stills = stillsAt(incident.stills, at_utc);
  return (
    <div class="then">
      <section class="group">
        <h2>{t("section.permits")}</h2>
        {permits.length === 0 && <p class="empty">{t("home.none")}</p>}
        {permits.map((one) => (
          <Job key={one.permit} one={one} />
        ))}
      </section>
      <section class="group">
        <h2>{t("section.alarms")}</h2>
        {alarms.length === 0 && <p class="empty">{t("play.no_alarm")}</p>}
        <ul class="stood">
          {alarms.map((one) => (
            <li key={one.key} data-priority={one.priority}>
              <b>{brief(one.title)}</b> <small>{one.code}</small>
              <p>{brief(one.detail)}</p>
              <small>{t("play.since", { time: timeOfDay(one.from_utc, at_utc) })}</small>
            </li>
          ))}
        </ul>
      </section>
      <section class="group">
        <h2>{t("section.outputs")}</h2>
        <ul class="stood">
          {outputs.map((one) => (
            <li key={`${one.device}/${one.channel}`}>
              {term("output", one.does)} <b>{t(one.on ? "output.on" : "output.off")}</b>{" "}
              <small>{cut(said(one.name), 40)}</small>
            </li>
          ))}
        </ul>
      </section>
      <section class="group">
        <h2>{t("section.cameras")}</h2>
        {stills.length === 0 && <p class="empty">{t("play.no_still")}</p>}
        {stills.map((one) => (
          <figure class="seen" key={one.camera}>
            <img
              src={`${API}/events/${one.seq}/stills/${encodeURIComponent(one.camera)}.jpg`}
              width={640}
              height={360}
              alt={t("camera.alt", { name: one.camera })}
            />
            <figcaption>
              {one.camera} · {timeOfDay(one.at_utc, at_utc)}
            </figcaption>
          </figure>
        ))}
      </section>
    </div>
  );
}

function Job({ one }: { one: PermitSpell }) {
  const tone = toneThen(one);
  return (
    <div class="then-job">
      <div class="band" data-tone={tone}>
        <Word tone={tone} />
      </div>
      <p>
        <b>{cut(one.permit, 40)}</b> {term("type", one.type)} · {term("state", one.state)}
      </p>
      <ul>
        {one.causes.map((cause) => (
          <li key={cause.detail.zh}>
            <b>{brief(cause.title)}</b> {brief(cause.detail)}
          </li>
        ))}
      </ul>
    </div>
  );
}
