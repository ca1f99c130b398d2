/** The board: every permit, why, since when, who; gas, people, outputs, alarms and events of the whole box. */
import "../styles/board.css";
import "../styles/board-lists.css";
import "../styles/board-permits.css";
import { heeded } from "../alarms/below.ts";
import { EventList } from "../alarms/events.tsx";
import { AlarmList } from "../alarms/list.tsx";
import { session } from "../api/session.ts";
import type { Live } from "../api/shapes/live.ts";
import { Banners } from "../board/banners.tsx";
import { Cameras } from "../board/cameras.tsx";
import { Outputs, People } from "../board/field.tsx";
import { Neighbours } from "../board/neighbours.tsx";
import { Overall } from "../board/overall.tsx";
import { Permits } from "../board/permits.tsx";
import { Figures } from "../board/today.tsx";
import { ToDo } from "../board/todo.tsx";
import { GasTile } from "../parts/gas.tsx";
import { Gauges } from "../parts/gauge.tsx";
import { brief, cut } from "../parts/name.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Winds } from "../parts/wind.tsx";
import { Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { useDrawn } from "../words/drawn.ts";
import { clock, timeOfDay } from "../words/times.ts";
import { type Key, t } from "../words/words.ts";

export function Board() {
  const { live, stale, why, crowded } = useShown();
  // Drawn anew for each picture; what runs in between draws itself.
  const columns = useDrawn(() => (live ? <Columns live={live} /> : null), [live]);
  const overall = useDrawn(
    () => (live ? <Overall permits={live.permits} stale={stale} /> : null),
    [live, stale],
  );
  return (
    <div class={stale ? "board stale-board" : "board"}>
      <NotLive />
      {why === "old" && <p class="hint">{t("live.cause_old")}</p>}
      {!live && <Waiting what={t("wait.picture")} />}
      {overall}
      {live && <Banners live={live} />}
      {live && <Strip live={live} stale={stale} />}
      <ToDo />
      {columns}
      {live && <Foot live={live} crowded={crowded} />}
    </div>
  );
}

function Strip({ live, stale }: { live: Live; stale: boolean }) {
  const { now_utc } = useBoxTime();
  return (
    <div class="strip">
      <p>{cut(`${live.site} / ${live.unit}`)}</p>
      <p class="shift">{brief(live.shift)}</p>
      <Uplink live={live} />
      <p class="clock">
        {timeOfDay(now_utc)} <small>{clock(now_utc).replace(/^\S+ ?/, "")}</small>
      </p>
      <p class="pulse" data-live={!stale}>
        {stale ? t("live.since", { time: timeOfDay(live.at_utc) }) : t("live.on")}
      </p>
    </div>
  );
}

function Uplink({ live }: { live: Live }) {
  if (!live.centre) {
    return (
      <p class="uplink" data-state="none">
        {t("uplink.none")}
      </p>
    );
  }
  const state = live.uplink_ok === null ? "unknown" : live.uplink_ok ? "ok" : "down";
  const parts = [t(`uplink.${state}` as const)];
  if (live.waiting > 0) parts.push(t("uplink.waiting", { count: live.waiting }));
  if (state !== "ok") parts.push(t("uplink.local"));
  return (
    <p class="uplink" data-state={state}>
      {parts.join(" · ")} <small>{brief(live.uplink_detail, 160)}</small>
    </p>
  );
}

/** Two columns where there is room; a phone gets one, the most important first (`order` in board.css). */
function Columns({ live }: { live: Live }) {
  const alarms = heeded(live.alarms, useStore(session)?.who?.roles ?? []);
  return (
    <div class="columns">
      <div class="column">
        <Group of="permits" count={live.permits.length}>
          <Permits permits={live.permits} />
        </Group>
        <Group of="events">
          <EventList events={live.events} />
        </Group>
      </div>
      <div class="column">
        <Group of="alarms" count={alarms.length} to="/alarms">
          <AlarmList alarms={alarms} />
        </Group>
        {live.neighbours.length > 0 && (
          <Group of="neighbours">
            <Neighbours neighbours={live.neighbours} />
          </Group>
        )}
        <Group of="gas" to="/gas">
          {live.gas.length === 0 && <p class="empty">{t("gas.none")}</p>}
          {live.gas.map((one) => (
            <GasTile key={one.id} gas={one} whole />
          ))}
        </Group>
        <Group of="wind">
          <Winds winds={live.wind} />
        </Group>
        {live.gauges.length > 0 && (
          <Group of="gauges">
            <Gauges gauges={live.gauges} />
          </Group>
        )}
        <Group of="cameras">
          <Cameras cameras={live.cameras} at_utc={live.at_utc} />
        </Group>
        <Group of="people" to="/map" count={live.people.length}>
          <People people={live.people} />
        </Group>
        <Group of="outputs">
          <Outputs outputs={live.outputs} />
        </Group>
        <Group of="today">
          <Figures today={live.today} cameras={live.cameras} />
        </Group>
      </div>
    </div>
  );
}

type Section =
  | "permits"
  | "alarms"
  | "events"
  | "neighbours"
  | "gas"
  | "wind"
  | "gauges"
  | "cameras"
  | "people"
  | "outputs"
  | "today";
type GroupProps = { of: Section; count?: number; to?: string; children: preact.ComponentChildren };

function Group({ of, count, to, children }: GroupProps) {
  const title = t(`section.${of}` satisfies Key);
  return (
    <section id={of} class="group">
      <h2>
        {to ? (
          <Link class="button quiet" to={to}>
            {title}
          </Link>
        ) : (
          title
        )}{" "}
        {count !== undefined && count > 0 && <span class="count">{count}</span>}
      </h2>
      <div class="body">{children}</div>
    </section>
  );
}

function Foot({ live, crowded }: { live: Live; crowded: boolean }) {
  return (
    <footer>
      <p>{t("page.rulebook", { name: cut(live.rulebook) })}</p>
      {crowded && <p id="crowded">{t("live.crowded")}</p>}
      <p>{t("page.supplement")}</p>
    </footer>
  );
}
