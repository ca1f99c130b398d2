/** A value that components watch: set it anywhere, and whoever uses it is drawn again. */
import { useEffect, useState } from "preact/hooks";

export interface Store<T> {
  get(): T;
  set(value: T): void;
  watch(heard: (value: T) => void): () => void;
}

export function store<T>(first: T): Store<T> {
  let value = first;
  const listeners = new Set<(value: T) => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const heard of [...listeners]) heard(next);
    },
    watch(heard) {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
  };
}

export function useStore<T>(watched: Store<T>): T {
  const [value, setValue] = useState(() => watched.get()); // a value may be a function
  useEffect(() => {
    setValue(() => watched.get()); // it may have changed between drawing and now
    return watched.watch((next) => setValue(() => next));
  }, [watched]);
  return value;
}
