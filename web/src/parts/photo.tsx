import { useEffect, useState } from "preact/hooks";

// The address of a blob while a component shows it; undefined until it is made.
export function useBlobUrl(blob: Blob | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (!blob) return setUrl(undefined);
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return url;
}

export function BlobImage({
  blob,
  alt,
  class: name,
}: {
  blob: Blob | undefined;
  alt: string;
  class?: string;
}) {
  const url = useBlobUrl(blob);
  return url ? <img src={url} alt={alt} class={name} /> : <span class={name} />;
}
