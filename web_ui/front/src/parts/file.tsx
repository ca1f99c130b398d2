/** A file that lies on the device: a button in the page's own words, where a browser's field speaks its own language. */
import { useRef } from "preact/hooks";

interface Props {
  words: string;
  accept: string;
  onFile: (file: File) => void; // the same one again too, once it is mended
}

export function FileButton({ words, accept, onFile }: Props) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="button" onClick={() => field.current?.click()}>
        {words}
      </button>
      <input
        ref={field}
        type="file"
        accept={accept}
        hidden
        aria-label={words}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) onFile(file);
        }}
      />
    </>
  );
}
