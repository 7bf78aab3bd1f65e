import { defects } from "./table";
import { judgeAll } from "./run";

/** `node --import tsx test/defects/main.ts [part of a mesh's or a defect's name]` */
async function main(part = ""): Promise<void> {
  const chosen = defects.filter((d) => `${d.mesh}: ${d.name}`.includes(part));
  const verdicts = await judgeAll(chosen, 2, ({ defect, seenBy, broken }) => {
    process.stdout.write(`| ${defect.mesh} | ${defect.name} | ${seenBy ?? "**missed**"} |\n`);
    if (broken !== undefined) process.stderr.write(`${broken}\n`);
  });
  const missed = verdicts.filter((v) => v.seenBy === undefined).length;
  process.stdout.write(`\n${verdicts.length} defects, ${missed} missed\n`);
  process.exitCode = missed === 0 ? 0 : 1;
}

void main(process.argv[2]);
