/** A permit on paper: A4, with the QR that leads to its page. Paper is of the minute that it says, and permits nothing. */
import { Fact } from "../parts/fact.tsx";
import "../styles/print.css";
import { API } from "../api/client.ts";
import type { Permit } from "../api/shapes/permit.ts";
import { signed } from "../parts/lacking.tsx";
import { NotLive, useShown } from "../parts/notlive.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Link, type Params } from "../router.tsx";
import { dateAndClock } from "../words/times.ts";
import { said, t, term } from "../words/words.ts";

export function Print({ params }: { params: Params }) {
  const { live } = useShown();
  if (!live) return <Waiting what={t("wait.picture")} />;
  const permit = live.permits.find((one) => one.id === params.permit);
  if (!permit) return <p class="card">{t("phone.no_such", { id: params.permit ?? "" })}</p>;
  return (
    <>
      <NotLive />
      <div class="buttons no-print">
        <button type="button" class="button main" onClick={() => print()}>
          {t("permit.print")}
        </button>
        <Link class="button" to={`/tickets/new?extends=${encodeURIComponent(permit.id)}`}>
          {t("print.extend")}
        </Link>
      </div>
      <Paper permit={permit} site={said(live.name)} at_utc={live.at_utc} />
    </>
  );
}

function Paper({ permit, site, at_utc }: { permit: Permit; site: string; at_utc: number }) {
  const names = (people: { name: string }[]) => people.map((one) => one.name).join(t("phone.comma"));
  return (
    <article class="paper">
      <header>
        <div>
          <h1>
            {term("type", permit.type)} {permit.level}
          </h1>
          <p class="id">{permit.id}</p>
          <p>
            {site} · {said(permit.area)}
          </p>
        </div>
        <img
          src={`${API}/qr/permit/${encodeURIComponent(permit.id)}.svg`}
          width={180}
          height={180}
          alt={t("print.qr")}
        />
      </header>
      <dl>
        <Fact of={t("print.content")}>{said(permit.content)}</Fact>
        <Fact of={t("print.valid")}>{t("permit.ends", { time: dateAndClock(permit.ends_utc) })}</Fact>
        <Fact of={t("print.state")}>{term("state", permit.state)}</Fact>
        <Fact of={t("permit.holder")}>{permit.holder}</Fact>
        <Fact of={t("permit.guard")}>{names(permit.guards) || (permit.guard ?? "")}</Fact>
        <Fact of={term("role", "worker")}>{names(permit.workers)}</Fact>
        {permit.pipe && <Fact of={t("ticket.pipe")}>{permit.pipe}</Fact>}
        {permit.scopes.length > 0 && (
          <Fact of={t("ticket.scopes")}>{permit.scopes.map(said).join(t("phone.comma"))}</Fact>
        )}
        {permit.linked.length > 0 && (
          <Fact of={t("ticket.linked")}>{permit.linked.join(t("phone.comma"))}</Fact>
        )}
        <Fact of={t("phone.signatures")}>{permit.signatures.map(signed).join(t("phone.comma"))}</Fact>
      </dl>
      <h2>{t("print.measures")}</h2>
      <table>
        <thead>
          <tr>
            <th>{t("print.measure")}</th>
            <th>{t("print.seen")}</th>
          </tr>
        </thead>
        <tbody>
          {permit.measures.map((one) => (
            <tr key={one.id}>
              <td>{said(one.words)}</td>
              <td>
                {one.confirmed_by} {one.at_utc !== null && dateAndClock(one.at_utc)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {permit.left_out.length > 0 && (
        <p>
          {t("measure.not_held")}
          {t("phone.colon")}
          {permit.left_out.map(said).join(t("phone.comma"))}
        </p>
      )}
      <p class="stamp">{t("print.stamp", { time: dateAndClock(at_utc) })}</p>
    </article>
  );
}
