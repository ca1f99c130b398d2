/** The box's own screen on the wall: read from five metres, touched with gloves, a badge away from doing one thing. */
import "../styles/board.css";
import "../styles/board-permits.css";
import "../styles/panel.css";
import { useEffect, useState } from "preact/hooks";
import { API } from "../api/client.ts";
import { becomePanel, logIn, session } from "../api/session.ts";
import { Banners } from "../board/banners.tsx";
import { Overall } from "../board/overall.tsx";
import { useLit } from "../live/wake.ts";
import { Presence } from "../panel/presence.tsx";
import { Sounding } from "../panel/sounding.tsx";
import { Air, Calling, Tiles } from "../panel/tiles.tsx";
import { Dark } from "../parts/dark.tsx";
import { FaultCard } from "../parts/fault.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { useBoxTime } from "../parts/now.tsx";
import { useBadge } from "../parts/secret.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { go, Link } from "../router.tsx";
import { useStore } from "../store.ts";
import { useDrawn } from "../words/drawn.ts";
import { timeOfDay } from "../words/times.ts";
import { language, speak, t } from "../words/words.ts";

export function Panel() {
  const now = useStore(session);
  if (now?.panel && !now.who) return <Screen />;
  return now?.panel ? <Busy /> : <Become />;
}

/** Somebody is still logged in at this screen: his page has the way back. */
function Busy() {
  return (
    <section class="card narrow">
      <h1>{t("login.already", { name: session.get()?.who?.name ?? "" })}</h1>
      <Link to="/" class="button main">
        {t("missing.home")}
      </Link>
    </section>
  );
}

/** Only an administrator makes a screen the box's own: it shows the code that proves presence. */
function Become() {
  const [failed, setFailed] = useState<unknown>(null);
  const admin = useStore(session)?.who?.roles.includes("admin");
  return (
    <section class="card narrow">
      <h1>{t("panel.title")}</h1>
      <p>{t("panel.what")}</p>
      {!admin && <p>{t("panel.admin_only")}</p>}
      {failed !== null && <FaultCard thrown={failed} />}
      <button
        type="button"
        class="button main"
        disabled={!admin}
        onClick={() => void becomePanel().catch(setFailed)}
      >
        {t("panel.become")}
      </button>
      <Link to="/" class="button">
        {t("missing.home")}
      </Link>
    </section>
  );
}

const LANGUAGE = "panel-language"; // people come and go in their own; the screen keeps its own

function Screen() {
  const { live, stale } = useShown();
  const lit = useLit(true);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  useEffect(() => {
    const own = localStorage.getItem(LANGUAGE) === "en" ? "en" : "zh";
    if (own !== language.get()) void speak(own);
  }, []);
  useBadge((proof) => {
    setBusy(true);
    setFailed(null);
    logIn(proof)
      .then(() => go("/", { replace: true }), setFailed)
      .finally(() => setBusy(false));
  });
  const seen = useDrawn(
    () =>
      live && (
        <>
          <Tiles permits={live.permits} />
          <Air gas={live.gas} />
          <Calling live={live} most={2} />
        </>
      ),
    [live],
  );
  return (
    <div class={stale ? "board panel stale-board" : "board panel"}>
      <div class="main">
        <NotLive />
        {!live && <Waiting what={t("wait.picture")} />}
        {live && <Overall permits={live.permits} stale={stale} />}
        {seen}
      </div>
      <aside>
        <Clock />
        <Presence />
        <p class="badge">{t(busy ? "login.checking" : "panel.badge")}</p>
        {failed !== null && <FaultCard thrown={failed} />}
        <div class="codes">
          <figure>
            <img src={`${API}/qr/box/box.svg`} width={220} height={220} alt={t("panel.qr_enrol")} />
            <figcaption>{t("panel.qr_enrol")}</figcaption>
          </figure>
          <figure>
            <img src={`${API}/qr/box/report.svg`} width={220} height={220} alt={t("panel.qr_report")} />
            <figcaption>{t("panel.qr_report")}</figcaption>
          </figure>
        </div>
        <Sounding />
        <Language />
        <Dark lit={lit} />
        {live?.demo && <p class="demo">{t("page.demo")}</p>}
        {live && <Banners live={live} />}
      </aside>
    </div>
  );
}

function Clock() {
  const { now_utc } = useBoxTime();
  return <p class="clock">{timeOfDay(now_utc)}</p>;
}

function Language() {
  const other = useStore(language) === "zh" ? "en" : "zh";
  const change = () => {
    localStorage.setItem(LANGUAGE, other);
    void speak(other);
  };
  return (
    <div class="buttons">
      <Link to="/login" class="button">
        {t("login.title")}
      </Link>
      <button type="button" class="button" lang={other === "zh" ? "zh-CN" : "en"} onClick={change}>
        {t("shell.other_language")}
      </button>
    </div>
  );
}
