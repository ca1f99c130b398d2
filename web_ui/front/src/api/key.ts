/**
 * This device's key: made for each log-in, kept by the browser in IndexedDB, and its private half never leaves it.
 * Where the browser keeps nothing (private windows), the key lives as long as the page.
 */

const CURVE = { name: "ECDSA", namedCurve: "P-256" };
const DATABASE = "edge";
const STORE = "keys";
const NAME = "device";
const STORAGE_MS = 3000; // browsers are known whose storage never answers again: nobody waits longer to log in

interface Kept {
  pair: CryptoKeyPair;
  kid: string;
}

let inMemory: Kept | null = null;

export async function makeKey(): Promise<{ pair: CryptoKeyPair; text: string }> {
  const pair = await crypto.subtle.generateKey(CURVE, false, ["sign", "verify"]);
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  return { pair, text: base64url(new Uint8Array(raw)) };
}

export async function keepKey(pair: CryptoKeyPair, kid: string): Promise<void> {
  inMemory = { pair, kid };
  await stored("readwrite", (keys) => keys.put(inMemory, NAME));
}

export async function dropKey(): Promise<void> {
  inMemory = null;
  await stored("readwrite", (keys) => keys.delete(NAME));
}

/** Whether this device can sign for this key. */
export async function holds(kid: string): Promise<boolean> {
  inMemory ??= (await stored<Kept>("readonly", (keys) => keys.get(NAME))) ?? null;
  return inMemory?.kid === kid;
}

/** The name of the key that this device signs with; null where there is none. */
export function keyName(): string | null {
  return inMemory?.kid ?? null;
}

/** r||s over the UTF-8 of the text; null where there is no key. */
export async function sign(text: string): Promise<{ kid: string; signature: string } | null> {
  if (!inMemory) return null;
  const bytes = new TextEncoder().encode(text);
  const made = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, inMemory.pair.privateKey, bytes);
  return { kid: inMemory.kid, signature: base64url(new Uint8Array(made)) };
}

export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** What the storage answers; null where there is none, where it refuses, and where it does not answer at all. */
function stored<T>(mode: IDBTransactionMode, use: (keys: IDBObjectStore) => IDBRequest): Promise<T | null> {
  return new Promise((resolve) => {
    const nothing = () => resolve(null); // no storage: the key in memory serves
    setTimeout(nothing, STORAGE_MS);
    try {
      const opening = indexedDB.open(DATABASE, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      opening.onerror = nothing;
      opening.onblocked = nothing;
      opening.onsuccess = () => {
        try {
          const asking = use(opening.result.transaction(STORE, mode).objectStore(STORE));
          asking.onerror = nothing;
          asking.onsuccess = () => resolve((asking.result as T | undefined) ?? null);
          asking.transaction?.addEventListener("complete", () => opening.result.close());
        } catch {
          nothing();
        }
      };
    } catch {
      nothing();
    }
  });
}
