import type { Diagnostic, FieldPath } from "../lib";
import type { YamlDocument } from "./document";
import { positionOf } from "./position";

interface Mount {
  readonly at: FieldPath;
  readonly document: YamlDocument;
}

/** The files that a config is made of, each mounted where the stack's file refers to it. */
export class Sources {
  private readonly mounts: Mount[] = [];

  /** From now on, paths that begin with `at` are looked up in this document. */
  mount(at: FieldPath, document: YamlDocument): void {
    this.mounts.push({ at, document });
    this.mounts.sort((a, b) => b.at.length - a.at.length);
  }

  /** The diagnostic with its position, its path shortened to one within its own file. As it is where no file has it. */
  locate(diagnostic: Diagnostic): Diagnostic {
    if (diagnostic.source !== undefined) return diagnostic;
    const mount = this.mounts.find(({ at }) => at.every((part, i) => diagnostic.path[i] === part));
    if (mount === undefined) return diagnostic;
    const path = diagnostic.path.slice(mount.at.length);
    return { ...diagnostic, path, source: positionOf(mount.document, path, diagnostic.code) };
  }
}
