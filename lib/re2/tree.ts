/** Which characters something stands for, by code point. */
export type CharacterSet = (codePoint: number) => boolean;

/** What holds between two characters and takes none. */
export type Place = "textStart" | "textEnd" | "lineStart" | "lineEnd" | "wordEdge" | "noWordEdge";

/** A regular expression as a tree. */
export type Tree =
  | { readonly kind: "empty" }
  | { readonly kind: "character"; readonly holds: CharacterSet }
  | { readonly kind: "place"; readonly place: Place }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Tree[] }
  /** `most` absent: without end. */
  | { readonly kind: "repeat"; readonly part: Tree; readonly least: number; readonly most?: number };

/** Thrown while an expression is read, and caught where reading began. */
export class NotRe2 extends Error {}
