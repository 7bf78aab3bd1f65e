import type * as Yaml from "yaml";
import { isMap, type Plain, type PlainMap } from "../plugin";

/** All documents of a YAML stream that hold something. Throws with line and column where it cannot be read. */
export function parseAll(text: string): PlainMap[] {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded on first use only
  const yaml = require("yaml") as typeof Yaml;
  const documents = yaml.parseAllDocuments(text, { logLevel: "silent" });
  return (documents as Yaml.Document[]).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new Error(error.message);
    const value = document.toJS() as Plain;
    return isMap(value) ? [value] : [];
  });
}
