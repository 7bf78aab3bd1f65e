/** What cluster DNS knows: the addresses, or the other name, that a name in `cluster.local` stands for. */
export interface DnsZone {
  /** Full lower-case name without the last dot → IPv4 addresses; none: the name is there, without addresses. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly aliases: ReadonlyMap<string, string>;
}

const TYPE = { A: 1, CNAME: 5, AAAA: 28, ANY: 255 };
const NXDOMAIN = 3;
const FORMAT_ERROR = 1;
const TTL_SECONDS = 5;

interface Question {
  readonly name: string;
  readonly type: number;
  /** Where the question ends in the message. */
  readonly end: number;
}

function question(message: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = message[at];
    if (length === undefined || length > 63) return undefined;
    if (length === 0) break;
    labels.push(message.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (message.length < at + 5) return undefined;
  return { name: labels.join(".").toLowerCase(), type: message.readUInt16BE(at + 1), end: at + 5 };
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").filter(Boolean);
  return Buffer.concat([
    ...labels.map((label) => Buffer.from(`${String.fromCharCode(label.length)}${label}`, "latin1")),
    Buffer.alloc(1),
  ]);
}

function record(name: Buffer, type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(TTL_SECONDS, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, head, data]);
}

/** The answer to a DNS message; undefined where it is none. Knows addresses and aliases, for all else the name is empty. */
export function answer(message: Buffer, zone: DnsZone): Buffer | undefined {
  if (message.length < 12 || (message.readUInt16BE(2) & 0x8000) !== 0) return undefined;
  const asked = question(message);
  const alias = asked === undefined ? undefined : zone.aliases.get(asked.name);
  const addresses = asked === undefined ? undefined : zone.addresses.get(alias ?? asked.name);
  const answers: Buffer[] = [];
  if (asked !== undefined) {
    if (alias !== undefined) answers.push(record(encodeName(asked.name), TYPE.CNAME, encodeName(alias)));
    if (asked.type === TYPE.A || asked.type === TYPE.ANY) {
      for (const ip of addresses ?? []) {
        answers.push(record(encodeName(alias ?? asked.name), TYPE.A, Buffer.from(ip.split(".").map(Number))));
      }
    }
  }
  const known = alias !== undefined || addresses !== undefined;
  const code = asked === undefined ? FORMAT_ERROR : known ? 0 : NXDOMAIN;
  const head = Buffer.alloc(12);
  message.copy(head, 0, 0, 2);
  // Response, authoritative, recursion desired as asked and available.
  head.writeUInt16BE(0x8480 | (message.readUInt16BE(2) & 0x0100) | code, 2);
  head.writeUInt16BE(asked === undefined ? 0 : 1, 4);
  head.writeUInt16BE(answers.length, 6);
  return Buffer.concat([head, ...(asked === undefined ? [] : [message.subarray(12, asked.end)]), ...answers]);
}
