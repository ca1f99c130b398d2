/** Alarms: what calls now, first-out first, with what each role does and the acknowledgement; below it what was. */
import "../styles/board.css";
import "../styles/board-lists.css";
import "../styles/alarms.css";
import { useState } from "preact/hooks";
import { Acknowledge } from "../alarms/acknowledge.tsx";
import { heeded } from "../alarms/below.ts";
import { GuideCard, RoleCards } from "../alarms/guide.tsx";
import { AlarmList } from "../alarms/list.tsx";
import { Past } from "../alarms/past.tsx";
import { session } from "../api/session.ts";
import type { Alarm } from "../api/shapes/live.ts";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { t } from "../words/words.ts";

export function Alarms() {
  const { live, stale } = useShown();
  const alarms = heeded(live?.alarms ?? [], useStore(session)?.who?.roles ?? []);
  return (
    <div class={stale ? "board stale-board" : "board"}>
      <NotLive />
      {!live && <Waiting what={t("wait.picture")} />}
      {live && (
        <section class="group" id="alarms">
          <h1>
            {t("section.alarms")} {alarms.length > 0 && <span class="count">{alarms.length}</span>}
          </h1>
          <AlarmList
            alarms={alarms}
            more={({ alarm }) => (
              <>
                {!stale && <Acknowledge alarm={alarm} permits={live.permits} />}
                <Guidance alarm={alarm} />
              </>
            )}
          />
        </section>
      )}
      {live && <Past newest={live.events[0]?.seq ?? 0} />}
    </div>
  );
}

function Guidance({ alarm }: { alarm: Alarm }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <RoleCards cards={alarm.card} />
      <div class="ways">
        {alarm.code && (
          <button type="button" class="button" aria-expanded={open} onClick={() => setOpen(!open)}>
            {t("alarms.guide")}
          </button>
        )}
        {alarm.permit && (
          <Link class="button" to={`/p/${encodeURIComponent(alarm.permit)}`}>
            {t("permit.open_stop")}
          </Link>
        )}
      </div>
      {open && <GuideCard code={alarm.code} />}
    </>
  );
}
