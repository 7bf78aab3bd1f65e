const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** UTF-8 text of base64, with neither Node's buffers nor the web's functions; undefined for what is none. */
export function fromBase64(written: string | undefined): string | undefined {
  const letters = written?.replace(/\s/g, "").replace(/=+$/, "");
  if (letters === undefined || !/^[A-Za-z0-9+/]*$/.test(letters)) return undefined;
  const bytes: number[] = [];
  for (let i = 0; i < letters.length; i += 4) {
    const group = [...letters.slice(i, i + 4)].map((letter) => ALPHABET.indexOf(letter));
    const bits = group.reduce((all, value, k) => all | (value << (18 - 6 * k)), 0);
    bytes.push(
      ...[bits >> 16, bits >> 8, bits].slice(0, Math.max(0, group.length - 1)).map((byte) => byte & 255),
    );
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
