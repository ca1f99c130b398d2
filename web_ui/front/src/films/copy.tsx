/** Some seconds of a film, asked for with a reason and PIN or badge; heads are hidden, and the look is on record. */
import { useEffect, useRef, useState } from "preact/hooks";
import { asFault } from "../api/client.ts";
import { copied, type Deed, type Film, marked } from "../api/films.ts";
import type { Proof } from "../api/session.ts";
import { FaultCard } from "../parts/fault.tsx";
import { SignedForm, useSigned } from "../parts/signed.tsx";
import { tell } from "../parts/told.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { t } from "../words/words.ts";

interface Props {
  film: Film;
  span: [number, number]; // seconds of the film
  deed: Deed;
  at_utc?: number; // the moment that is looked at elsewhere: the film goes with it
}

export function Copy({ film, span, deed, at_utc }: Props) {
  const [made, setMade] = useState<string | null>(null);
  const { busy, failed, run } = useBusy();
  const submit = (reason: string, proof: Proof) =>
    run(async () => setMade(await copied(film, span, deed, reason, proof)));
  const signed = useSigned(busy, submit);
  if (made && deed === "masked")
    return (
      <a class="button main" href={made} download={`${film.camera}-${film.permit || "unit"}.mp4`}>
        {t("films.take")}
      </a>
    );
  if (made)
    return (
      <Shown src={made} from_utc={film.began_utc + span[0]} {...(at_utc === undefined ? {} : { at_utc })} />
    );
  return (
    <SignedForm signed={signed} hint={t("films.rule")} why={t("event.raw_why")} enter={t(`films.do_${deed}`)}>
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("films.making")} />}
    </SignedForm>
  );
}

const APART_S = 1; // a film that is off by less runs on by itself

/** The film; where somebody scrubs elsewhere, it shows that moment. */
function Shown({ src, from_utc, at_utc }: { src: string; from_utc: number; at_utc?: number }) {
  const video = useRef<HTMLVideoElement>(null);
  const [outside, setOutside] = useState(false);
  useEffect(() => {
    const shown = video.current;
    if (!shown || at_utc === undefined) return;
    const to_s = at_utc - from_utc;
    setOutside(to_s < -APART_S || (Number.isFinite(shown.duration) && to_s > shown.duration + APART_S));
    if (Math.abs(shown.currentTime - to_s) > APART_S) shown.currentTime = Math.max(0, to_s);
  }, [at_utc, from_utc]);
  return (
    <div class="film" data-outside={outside}>
      <video ref={video} src={src} controls playsInline muted aria-label={t("films.video")} />
      {outside && <p role="status">{t("films.outside")}</p>}
    </div>
  );
}

export function Mark({ film, onDone }: { film: Film; onDone: () => void }) {
  const { busy, failed, run } = useBusy();
  const word = t(film.marked ? "films.do_let_go" : "films.do_keep");
  const submit = (reason: string, proof: Proof) =>
    run(async () => {
      await marked(film, !film.marked, reason, proof);
      tell(() => t("films.marked_told"));
      onDone();
    });
  const signed = useSigned(busy, submit);
  return (
    <SignedForm signed={signed} why={t("event.raw_why")} enter={word}>
      {failed !== null && <FaultCard thrown={failed} />}
      {busy && <Waiting what={t("task.sending")} />}
    </SignedForm>
  );
}

function useBusy() {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<unknown>(null);
  const run = (work: () => Promise<void>) => {
    setBusy(true);
    setFailed(null);
    void work()
      .catch((thrown) => setFailed(asFault(thrown)))
      .finally(() => setBusy(false));
  };
  return { busy, failed, run };
}
