import type { Finding } from "../../lib";

/**
 * valibot's checks carry one text each. Ours need a code and a hint as well, so they travel through it as JSON:
 * `said` packs, `heard` unpacks, and nothing outside this folder sees the packed form.
 */
const MARK = "\u0001";

export function said(finding: Finding): string {
  return MARK + JSON.stringify(finding);
}

export function heard(message: string): Finding | undefined {
  return message.startsWith(MARK) ? (JSON.parse(message.slice(1)) as Finding) : undefined;
}
