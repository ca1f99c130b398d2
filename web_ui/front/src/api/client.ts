/** One call to the box: JSON out, JSON in; whatever goes wrong is a Fault with its cause and the next step. */
import { type Spoken, said, t, type Words } from "../words/words.ts";
import type { ErrorBody } from "./shapes/asking.ts";

export const API = "/api/v1";
const TOO_LONG_MS = 15_000;
/** For what looks through the records: of a small and busy board that is no fault of the link. */
export const RECORDS_MS = 60_000;

/** What a person is told when something did not work, in the language of whoever reads it. */
export class Fault extends Error {
  readonly code: string;
  readonly why: readonly Spoken[];
  readonly remedy: Spoken | null;
  readonly status: number;
  readonly wait_s: number | null;

  constructor(
    code: string,
    why: readonly Spoken[],
    remedy: Spoken | null = null,
    status = 0,
    wait_s: number | null = null,
  ) {
    super(`${code}: ${why.map((one) => one()).join(" ")}`);
    this.code = code;
    this.why = why;
    this.remedy = remedy;
    this.status = status;
    this.wait_s = wait_s;
  }

  get causes(): readonly string[] {
    return this.why.map((one) => one());
  }

  get next(): string {
    return this.remedy?.() ?? "";
  }

  static of({ code, cause, next, wait_s }: ErrorBody, status: number): Fault {
    return new Fault(code, [() => said(cause)], () => said(next), status, wait_s);
  }

  /** The box understood and said no. */
  static refused(reasons: readonly Words[]): Fault {
    const why = reasons.map((one) => () => said(one));
    return new Fault("", why, () => t("fault_page.refused_next"));
  }
}

/** Anything that was thrown, as something that can be shown. */
export function asFault(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  return new Fault("E-PAGE", [() => t("fault_page.page", { detail })], () => t("fault_page.page_next"));
}

const READING = new Set(["GET", "HEAD"]);
let csrf = "";

export function useToken(token: string): void {
  csrf = token;
}

export async function call<T>(
  method: "GET" | "POST" | "DELETE",
  path: string,
  body?: unknown,
  within_ms = TOO_LONG_MS,
): Promise<T> {
  const answer = await asked(method, path, body, within_ms);
  const read = await content(answer);
  if (answer.ok) return read as T;
  const error = (read as { error?: ErrorBody } | null)?.error;
  throw error ? Fault.of(error, answer.status) : unreadable(answer.status);
}

/** Whether something to fetch is there; "not yet" is no fault unless this is the last try. */
export async function there(path: string, last: boolean): Promise<boolean> {
  const answer = await asked("HEAD", path, undefined);
  if (answer.ok) return true;
  if (answer.status === 404 && !last) return false;
  await call("GET", path); // says why, in words
  return false;
}

/** A picture that must be asked for: or what the box says instead, as JSON. */
export async function picture<T>(path: string, body: unknown): Promise<Blob | T> {
  const answer = await asked("POST", path, body);
  if (answer.ok && answer.headers.get("Content-Type") === "image/jpeg") return answer.blob();
  const read = await content(answer);
  if (answer.ok) return read as T;
  const error = (read as { error?: ErrorBody } | null)?.error;
  throw error ? Fault.of(error, answer.status) : unreadable(answer.status);
}

/** A picture with what was seen in it; null: there is no newer one. */
export async function pictureNow(path: string): Promise<{ picture: Blob; seen: string } | null> {
  const answer = await asked("GET", path, undefined);
  if (answer.status === 204) return null;
  if (answer.ok) return { picture: await answer.blob(), seen: answer.headers.get("X-Seen") ?? "{}" };
  const error = ((await content(answer)) as { error?: ErrorBody } | null)?.error;
  throw error ? Fault.of(error, answer.status) : unreadable(answer.status);
}

async function asked(
  method: string,
  path: string,
  body: unknown,
  within_ms = TOO_LONG_MS,
): Promise<Response> {
  const headers: Record<string, string> = { "X-Edge": "1" };
  if (csrf && !READING.has(method)) headers["X-CSRF"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const ends = new AbortController();
  const timer = setTimeout(() => ends.abort(), within_ms);
  try {
    return await fetch(API + path, {
      method,
      headers,
      cache: "no-store",
      signal: ends.signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    throw new Fault("E-LINK", [() => t("fault_page.link")], () => t("fault_page.link_next"));
  } finally {
    clearTimeout(timer);
  }
}

async function content(answer: Response): Promise<unknown> {
  if (answer.status === 204) return null;
  try {
    return await answer.json();
  } catch {
    throw unreadable(answer.status);
  }
}

function unreadable(status: number): Fault {
  const why = () => t("fault_page.answer", { status });
  return new Fault("E-ANSWER", [why], () => t("fault_page.answer_next"), status);
}
