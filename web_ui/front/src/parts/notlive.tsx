/** Says that what is shown is not live, why, since when, and what to do; shows nothing while it is live. */
import { type Shown, shown } from "../live/link.ts";
import { useStore } from "../store.ts";
import { lasting } from "../words/times.ts";
import { said, t } from "../words/words.ts";
import { Icon } from "./icon.tsx";

export function NotLive() {
  const { why, live, age_s, fault } = useStore(shown);
  if (why === null || why === "nobody") return null;
  return (
    <div class="notlive" role="alert">
      <p class="notlive-word">
        <Icon of="gone" /> {t(live ? "link.not_live" : "link.no_picture")}
        {live && Number.isFinite(age_s) && <span> · {t("link.age", { age: lasting(age_s) })}</span>}
      </p>
      <p>{why === "fault" && fault ? said(fault) : t(`link.${why}` as const)}</p>
      <p>{t("link.next")}</p>
    </div>
  );
}

/** The picture for those who draw it, and whether it may be shown as what is now. */
export function useShown(): Shown & { stale: boolean } {
  const now = useStore(shown);
  return { ...now, stale: now.why !== null };
}
