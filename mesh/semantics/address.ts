/** Whether an IP address lies in a CIDR block; never where the two are of different families. */
export function inBlock(address: string, block: string): boolean {
  const [network = "", length = "0"] = block.split("/");
  const a = bits(address);
  const b = bits(network);
  return (
    a !== undefined && b?.length === a.length && a.slice(0, Number(length)) === b.slice(0, Number(length))
  );
}

/** An address as a text of zeros and ones, 32 or 128 of them. */
function bits(address: string): string | undefined {
  return address.includes(":") ? v6(address) : v4(address);
}

function v4(address: string): string | undefined {
  const parts = address.split(".");
  if (parts.length !== 4 || !parts.every((p) => /^\d{1,3}$/.test(p) && Number(p) <= 255)) return undefined;
  return parts.map((p) => Number(p).toString(2).padStart(8, "0")).join("");
}

function v6(address: string): string | undefined {
  const [head = "", tail] = address.split("::");
  const groups = (text: string): string[] => (text === "" ? [] : text.split(":"));
  const left = groups(head);
  const right = groups(tail ?? "");
  const missing = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array.from({ length: missing }, () => "0"), ...right];
  if (all.length !== 8 || !all.every((g) => /^[0-9a-fA-F]{1,4}$/.test(g))) return undefined;
  return all.map((g) => parseInt(g, 16).toString(2).padStart(16, "0")).join("");
}
