import type { Diagnostic, FieldPath } from "../lib";
import type { YamlDocument } from "./document";
import { positionOf } from "./position";

/** The files that a config is made of, each mounted where the stack's file refers to it. */
export class Sources {
  private readonly mounts = new Map<string, YamlDocument>();

  /** From now on, paths that begin with `at` are looked up in this document. */
  mount(at: FieldPath, document: YamlDocument): void {
    this.mounts.set(JSON.stringify(at), document);
  }

  /** The diagnostic with its position, its path shortened to one within its own file. As it is where no file has it. */
  locate(diagnostic: Diagnostic): Diagnostic {
    if (diagnostic.source !== undefined) return diagnostic;
    // The longest path that is mounted is that of the innermost file.
    for (let length = diagnostic.path.length; length >= 0; length--) {
      const document = this.mounts.get(JSON.stringify(diagnostic.path.slice(0, length)));
      if (document === undefined) continue;
      const path = diagnostic.path.slice(length);
      return { ...diagnostic, path, source: positionOf(document, path, diagnostic.code) };
    }
    return diagnostic;
  }
}
