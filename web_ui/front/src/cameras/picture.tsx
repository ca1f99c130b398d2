/** The live picture of one camera with what was seen in it; says when it is not live, and never shows old as new. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { CameraSet } from "../api/cameras.ts";
import { API } from "../api/client.ts";
import { FaultCard } from "../parts/fault.tsx";
import { Icon } from "../parts/icon.tsx";
import { brief } from "../parts/name.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { lasting } from "../words/times.ts";
import { t, term } from "../words/words.ts";
import { ageOf, type Look, STALE_S, useTicks } from "./live.ts";
import { Overlay, type Size } from "./overlay.tsx";

const WIDE: Size = { width: 16, height: 9 };

interface Props {
  set: CameraSet;
  look: Look;
  children?: (size: Size, per_px: number) => preact.ComponentChildren; // what is drawn over it
  touched?: boolean; // something of that is, by whoever draws
}

export function Picture({ set, look, touched = false, children }: Props) {
  const now_ms = useTicks(500);
  const [size, setSize] = useState<Size>(WIDE);
  const { frame, width } = useWidth();
  const age_s = ageOf(look, now_ms);
  const live = age_s !== null && age_s < STALE_S;
  const clear = look.shown?.view === "clear";
  const full = look.failed?.code === "E-FULL";
  const per_px = size.width / Math.max(1, width);
  return (
    <div class="live-picture" data-live={live} data-clear={clear}>
      <div class="seen" ref={frame}>
        {look.url && (
          <img
            src={look.url}
            width={size.width}
            height={size.height}
            alt={t("cameras.label", { name: brief(set.name) })}
            onLoad={(event) => {
              const { naturalWidth, naturalHeight } = event.currentTarget;
              if (naturalWidth !== size.width || naturalHeight !== size.height)
                setSize({ width: naturalWidth, height: naturalHeight });
            }}
          />
        )}
        {!look.url && full && <Stills id={set.id} name={brief(set.name)} now_ms={now_ms} />}
        {look.url && size !== WIDE && (
          <Overlay touched={touched} size={size} per_px={per_px} label={t("cameras.people")}>
            {children?.(size, per_px)}
          </Overlay>
        )}
        {!look.url && !full && look.failed === null && <Waiting what={t("cameras.waits")} />}
      </div>
      <p class="live-word" role="status">
        <Icon of={live && clear ? "may_work" : "gone"} />{" "}
        {age_s === null
          ? t("cameras.none_now")
          : live
            ? t("cameras.live")
            : t("cameras.not_live", { age: lasting(age_s) })}
        {live && look.shown && !clear && <strong> · {term("view", look.shown.view)}</strong>}
        {live && look.shown?.whole && <span> · {t("cameras.hidden")}</span>}
      </p>
      {full && <p class="hint">{t("cameras.slow")}</p>}
      {look.failed !== null && !full && !live && <FaultCard thrown={look.failed} />}
      {look.again && (
        <button type="button" class="button main" onClick={look.again}>
          {t("cameras.here")}
        </button>
      )}
    </div>
  );
}

/** In the place of the live picture, where all places are taken: the still that everybody may see, each second. */
function Stills({ id, name, now_ms }: { id: string; name: string; now_ms: number }) {
  return (
    <img
      src={`${API}/stills/${encodeURIComponent(id)}.jpg?t=${Math.floor(now_ms / 1000)}`}
      width={640}
      height={360}
      alt={t("cameras.label", { name })}
    />
  );
}

function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(640);
  useEffect(() => {
    if (!frame.current) return;
    const watch = new ResizeObserver(([one]) => one && setWidth(one.contentRect.width));
    watch.observe(frame.current);
    return () => watch.disconnect();
  }, []);
  return { frame, width };
}
