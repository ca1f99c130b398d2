/** Who is logged in where, each to be ended; a further phone by QR; tokens of programs that read. */
import "../styles/office.css";
import "../styles/log_ins.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { endLogIn, endOthers, logIns } from "../api/log_ins.ts";
import { called } from "../api/people.ts";
import { session } from "../api/session.ts";
import type { LogInListed } from "../api/shapes.gen.ts";
import { ByQr } from "../log_ins/phone.tsx";
import { Tokens } from "../log_ins/tokens.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { Name } from "../parts/name.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { readsOnly } from "../play/reviews.ts";
import { useStore } from "../store.ts";
import { dateAndClock } from "../words/times.ts";
import { t } from "../words/words.ts";

export function LogInsPage() {
  const who = useStore(session)?.who;
  const admin = who?.roles.includes("admin") ?? false;
  const looks = readsOnly(who?.roles ?? []);
  return (
    <div class="flow">
      <Listed admin={admin} looks={looks} />
      {who && !looks && <ByQr admin={admin} me={who.id} />}
      {admin && <Tokens />}
    </div>
  );
}

function Listed({ admin, looks }: { admin: boolean; looks: boolean }) {
  const [all, setAll] = useState<LogInListed[] | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const head = useRef<HTMLHeadingElement>(null);
  const load = () => void logIns().then(setAll, setFailed);
  useEffect(load, []);
  const end = (what: Promise<null>) =>
    what
      .then(
        () => tell(() => t("log_ins.ended")),
        (thrown) => setFailed(thrown),
      )
      .finally(() => {
        load();
        head.current?.focus(); // its button goes with the line: a keyboard would be nowhere
      });
  const mine = all?.filter((one) => one.mine || !admin) ?? [];
  return (
    <section class="card office">
      <h1>{t("log_ins.title")}</h1>
      <p class="hint">{t("log_ins.about")}</p>
      {failed !== null && <FaultCard thrown={failed} />}
      {!all && failed === null && <Waiting what={t("log_ins.comes")} />}
      <h2 ref={head} tabIndex={-1}>
        {t(admin ? "log_ins.all" : "log_ins.mine")}
      </h2>
      <ul class="log-ins">
        {[...mine, ...(all ?? []).filter((one) => !mine.includes(one))].map((one) => (
          <li key={one.id} data-mine={one.mine}>
            <p>
              <b>{one.device || t("log_ins.unknown")}</b>
              {one.mine && <strong> · {t("log_ins.this")}</strong>}
              {one.panel && <span> · {t("log_ins.screen")}</span>}
              {admin && one.person !== "" && (
                <span>
                  {" "}
                  · <Name of={one.name} />
                </span>
              )}
              <small>
                {t("log_ins.since", { time: dateAndClock(one.since_utc) })} ·{" "}
                {t("log_ins.used", { time: dateAndClock(one.used_utc) })}
                {one.enrolled_by !== "" && ` · ${t("log_ins.by", { name: called(one.enrolled_by) })}`}
              </small>
            </p>
            {!one.mine && !looks && (
              <button
                type="button"
                class="button"
                aria-label={`${t("log_ins.end")} · ${one.name} · ${one.device || t("log_ins.unknown")}`}
                onClick={() => void end(endLogIn(one.id))}
              >
                {t("log_ins.end")}
              </button>
            )}
          </li>
        ))}
      </ul>
      {!looks && (
        <div class="files">
          <Sure words={t("log_ins.end_others")} go={() => void end(endOthers(false))} />
          {admin && <Sure words={t("log_ins.end_everybody")} go={() => void end(endOthers(true))} />}
        </div>
      )}
    </section>
  );
}

/** Two taps: the first one asks. */
function Sure({ words, go }: { words: string; go: () => void }) {
  const [asked, setAsked] = useState(false);
  return (
    <button
      type="button"
      class="button"
      data-asked={asked}
      onClick={() => {
        setAsked(!asked);
        if (asked) go();
      }}
      onBlur={() => setAsked(false)}
    >
      {asked ? t("log_ins.sure") : words}
    </button>
  );
}
