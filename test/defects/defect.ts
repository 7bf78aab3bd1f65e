/** Which tests are to see a defect: see `judges.ts`. */
export type Judge = "meaning" | "cells" | "golden" | "unit";

/** A fault put into a source on purpose. */
export interface Defect {
  readonly mesh: string;
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** A text that is in the file once. */
  readonly find: string;
  readonly put: string;
  readonly judge: Judge;
}

/** A name, the text that is replaced, what stands there instead, and who is to see it. */
export type Written = readonly [name: string, find: string, put: string, judge: Judge];

/** The defects of some files of a folder. */
export function defectsIn(
  mesh: string,
  folder: string,
  files: { readonly [file: string]: readonly Written[] },
): Defect[] {
  return Object.entries(files).flatMap(([file, all]) =>
    all.map(([name, find, put, judge]) => ({ mesh, name, file: `${folder}/${file}`, find, put, judge })),
  );
}
