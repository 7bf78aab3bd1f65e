/** What stands under each heading of a page in docs/proof/, in its order. */
export type Sections = ReadonlyMap<string, string>;

const HEADING = /^## (.+)$/m;

/** The sections of a page that was written before, so that parts can be proved one by one. */
export function sectionsOf(page: string): Sections {
  const [, ...parts] = page.split(HEADING);
  const sections = new Map<string, string>();
  for (let i = 0; i + 1 < parts.length; i += 2) sections.set(parts[i] ?? "", (parts[i + 1] ?? "").trim());
  return sections;
}

export function pageOf(page: {
  readonly date: string;
  readonly machine: string;
  readonly sections: Sections;
}): string {
  const head = `# Proof of ${page.date}\n\n\`npm run prove\` on ${page.machine}.`;
  const each = [...page.sections].map(([title, text]) => `## ${title}\n\n${text}`);
  return `${[head, ...each].join("\n\n")}\n`;
}
