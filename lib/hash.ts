/**
 * A short, stable digest for telling names apart (FNV-1a, 32 bits, hexadecimal).
 * Pure and fast; no protection against deliberate collisions, so nothing secure may rest on it.
 */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
