/** All open works by place on a time line: which must not meet and why, what waits for what, what is let be. */
import "../styles/office.css";
import "../styles/righting.css";
import type { Clash, Live } from "../api/shapes/live.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { ended, toneOf } from "../duty/tone.ts";
import { wordOf } from "../parts/glance.tsx";
import { Icon } from "../parts/icon.tsx";
import { cut } from "../parts/name.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link } from "../router.tsx";
import { byPlace, overlap, share, spanOf, waiting } from "../simops/line.ts";
import { timeShort } from "../words/times.ts";
import { beyond, said, t, term } from "../words/words.ts";

export function Works() {
  const { live, stale } = useShown();
  return (
    <div class={stale ? "flow stale" : "flow"}>
      <NotLive />
      {!live && <Waiting what={t("wait.picture")} />}
      {live && <Shown live={live} />}
    </div>
  );
}

function Shown({ live }: { live: Live }) {
  const open = live.permits.filter((one) => !ended(one));
  return (
    <>
      <section class="card office simops">
        <h1>{t("simops.title")}</h1>
        <h2>{t("simops.line")}</h2>
        {open.length === 0 ? (
          <p class="empty">{t("simops.none")}</p>
        ) : (
          <Line open={open} now={live.at_utc} waits={waiting(live.clashes)} />
        )}
        <p class="hint">{t("simops.closed_ones")}</p>
      </section>
      <section class="card office simops">
        <h2>{t("simops.pairs")}</h2>
        {live.clashes.length === 0 && <p class="empty">{t("simops.none_pairs")}</p>}
        <ul class="pairs">
          {live.clashes.map((one) => (
            <Pair key={`${one.one} ${one.other}`} pair={one} open={open} />
          ))}
        </ul>
      </section>
      <Refused open={open} />
      <LetBe open={open} />
    </>
  );
}

function Line({ open, now, waits }: { open: Permit[]; now: number; waits: Map<string, string[]> }) {
  const span = spanOf(open, now);
  return (
    <div class="line">
      <p class="ends">
        <span>{timeShort(span.from_utc)}</span>
        <span>{timeShort(span.until_utc)}</span>
      </p>
      <p class="present" data-late={share(now, span) > 50}>
        <b style={{ "--at": `${share(now, span)}%` }}>
          {t("simops.now")} {timeShort(now)}
        </b>
      </p>
      {[...byPlace(open)].map(([area, some]) => (
        <section key={area}>
          <h3>{some[0] ? said(some[0].area) : area}</h3>
          {some.map((one) => (
            <Link key={one.id} to={`/p/${encodeURIComponent(one.id)}`} class="bar-row">
              <span class="bar-name">
                <b>{term("type", one.type)}</b> {cut(one.id, 30)} · {wordOf(toneOf(one))} ·{" "}
                {timeShort(one.begins_utc)}–{timeShort(one.ends_utc)}
                {(waits.get(one.id) ?? []).map((other) => (
                  <strong key={other} class="waits">
                    <Icon of="stopped" /> {t("simops.waits_for", { other })}
                  </strong>
                ))}
              </span>
              <svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  data-tone={toneOf(one)}
                  x={share(one.begins_utc, span)}
                  width={Math.max(1, share(one.ends_utc, span) - share(one.begins_utc, span))}
                  y="1"
                  height="8"
                />
                <line x1={share(now, span)} x2={share(now, span)} y1="0" y2="10" />
              </svg>
            </Link>
          ))}
        </section>
      ))}
    </div>
  );
}

function Pair({ pair, open }: { pair: Clash; open: Permit[] }) {
  const find = (id: string) => open.find((one) => one.id === id);
  const effect = pair.linked ? "linked" : pair.effect === "block" ? "block" : "coordinate";
  return (
    <li data-effect={effect} data-pair={`${pair.one} ${pair.other}`}>
      <p>
        <Icon of={effect === "block" ? "stopped" : effect === "linked" ? "may_work" : "warning"} />{" "}
        <b>
          {cut(pair.one, 40)} ↔ {cut(pair.other, 40)}
        </b>{" "}
        {t(`simops.${effect}`)} · {t("simops.apart", { m: pair.distance_m.toFixed(0) })}
      </p>
      <p>{said(pair.words)}</p>
      {!overlap(find(pair.one), find(pair.other)) && <p class="hint">{t("simops.later")}</p>}
      {pair.waits.map((permit) => (
        <p key={permit}>
          <strong>{t("simops.waits", { permit, other: permit === pair.one ? pair.other : pair.one })}</strong>
        </p>
      ))}
    </li>
  );
}

function Refused({ open }: { open: Permit[] }) {
  const some = open.filter((one) => one.causes.length + one.standing.length > 0);
  return (
    <section class="card office simops">
      <h2>{t("simops.refused")}</h2>
      {some.length === 0 && <p class="empty">{t("simops.none_refused")}</p>}
      {some.map((one) => (
        <details key={one.id}>
          <summary>
            <b>{cut(one.id, 40)}</b> · {said(one.area)} · {wordOf(toneOf(one))}
            {first(one) && <small>{first(one)}</small>}
          </summary>
          <ul>
            {[...one.causes, ...one.standing].map((why) => (
              <li key={`${why.title.zh}${why.detail.zh}`}>
                <b>{said(why.title)}</b> {beyond(why)}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </section>
  );
}

/** The first reason in a line; how many more there are. */
function first(one: Permit): string {
  const [why, ...more] = [...one.causes, ...one.standing];
  if (!why) return "";
  return more.length > 0
    ? t("simops.and_more", { why: said(why.title), count: more.length })
    : said(why.title);
}

function LetBe({ open }: { open: Permit[] }) {
  const some = open.flatMap((permit) => permit.overrides.map((one) => ({ permit, one })));
  return (
    <section class="card office simops">
      <h2>{t("simops.let_be")}</h2>
      {some.length === 0 && <p class="empty">{t("simops.none_let_be")}</p>}
      <ul>
        {some.map(({ permit, one }) => (
          <li key={`${permit.id} ${one.rule}`}>
            <b>{cut(permit.id, 40)}</b> {said(one.title)} ·{" "}
            {t("simops.until", { time: timeShort(one.until_utc) })} ·{" "}
            {t("simops.by", { name: one.who, reason: one.reason })}
          </li>
        ))}
      </ul>
    </section>
  );
}
