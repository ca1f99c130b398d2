/** A further phone: a QR that leads it to this box as somebody's, once, for ten minutes. It proves nobody. */
import { useEffect, useMemo, useState } from "preact/hooks";
import { showTheWay } from "../api/log_ins.ts";
import { called, everybody } from "../api/people.ts";
import type { Known } from "../api/shapes/people.ts";
import type { Enrolled } from "../api/shapes.gen.ts";
import { FaultCard } from "../parts/fault.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { timeShort } from "../words/times.ts";
import { t } from "../words/words.ts";

export function ByQr({ admin, me }: { admin: boolean; me: string }) {
  const { now_utc } = useBoxTime();
  const known = useEverybody(admin).filter((one) => mayLogIn(one, now_utc));
  const [whose, setWhose] = useState(me);
  const [shown, setShown] = useState<Enrolled | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const drawing = useMemo(
    () => (shown ? URL.createObjectURL(new Blob([shown.svg], { type: "image/svg+xml" })) : ""),
    [shown],
  );
  useEffect(() => () => URL.revokeObjectURL(drawing), [drawing]);
  const over = shown !== null && now_utc !== null && now_utc >= shown.until_utc;
  const show = () => {
    setFailed(null);
    showTheWay(whose).then(setShown, setFailed);
  };
  return (
    <section class="card office">
      <h2>{t("log_ins.phone")}</h2>
      <p class="hint">{t("log_ins.phone_about")}</p>
      {admin && (
        <label class="field">
          {t("log_ins.whose")}
          <select
            value={whose}
            onChange={(event) => {
              setWhose(event.currentTarget.value);
              setShown(null);
            }}
          >
            {(known.length > 0 ? known : [{ id: me, name: called(me) }]).map(({ id, name }) => (
              <option key={id} value={id}>
                {name} ({id})
              </option>
            ))}
          </select>
        </label>
      )}
      <button type="button" class="button main" onClick={show}>
        {t("log_ins.show")}
      </button>
      {failed !== null && <FaultCard thrown={failed} />}
      {over && <p role="alert">{t("log_ins.over")}</p>}
      {shown && !over && (
        <figure class="way">
          <img
            class="qr"
            src={drawing}
            width={260}
            height={260}
            alt={t("log_ins.qr", { name: called(shown.person) })}
          />
          <figcaption>
            <b>{called(shown.person)}</b> · {t("log_ins.until", { time: timeShort(shown.until_utc) })}
            <small>{shown.address}</small>
          </figcaption>
        </figure>
      )}
    </section>
  );
}

/** As it is now: somebody may have been barred since this page's log-in. */
function useEverybody(admin: boolean): Known[] {
  const [all, setAll] = useState<Known[]>([]);
  useEffect(() => {
    if (admin) everybody().then(setAll, () => setAll([]));
  }, [admin]);
  return all;
}

/** Nobody who is barred, and no inspector whose time is over, or who was given none: the box would refuse him. */
export function mayLogIn(one: Known, now_utc: number): boolean {
  const looks = one.roles.includes("inspector");
  return !one.denied && (!looks || (typeof one.until_utc === "number" && now_utc < one.until_utc));
}
