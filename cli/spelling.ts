/** A name among the known ones that is this one but for its dashes and capitals: `appmesh` for `app-mesh`; else as written. */
export function asKnown(written: string, known: readonly string[]): string {
  return known.find((name) => plain(name) === plain(written)) ?? written;
}

function plain(name: string): string {
  return name.replaceAll("-", "").toLowerCase();
}
