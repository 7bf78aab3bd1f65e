const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Text in UTF-8 as base64, with neither Node's buffers nor the web's functions. */
export function base64(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  let out = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b = 0, c = 0] = bytes.slice(i, i + 3);
    const bits = (a << 16) | (b << 8) | c;
    const digits = [18, 12, 6, 0].map((shift) => ALPHABET[(bits >> shift) & 63] ?? "");
    out += digits.slice(0, Math.min(4, bytes.length - i + 1)).join("");
  }
  return out.padEnd(Math.ceil(out.length / 4) * 4, "=");
}
