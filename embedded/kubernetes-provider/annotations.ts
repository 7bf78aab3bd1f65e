import type { PlainMap } from "../plugin";

export const AUTONAMED = "pulumi.com/autonamed";
export const SKIP_AWAIT = "pulumi.com/skipAwait";
export const WAIT_FOR = "pulumi.com/waitFor";
export const TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds";
export const PATCH_FORCE = "pulumi.com/patchForce";
export const PATCH_FIELD_MANAGER = "pulumi.com/patchFieldManager";
export const DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy";
export const REPLACE_UNREADY = "pulumi.com/replaceUnready";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** How the user wants one object to be handled, from its `pulumi.com/*` annotations. */
export class Handling {
  private readonly annotations: Readonly<Record<string, unknown>>;

  constructor(inputs: PlainMap | Readonly<Record<string, unknown>>) {
    const metadata = inputs["metadata"] as { annotations?: Record<string, unknown> } | undefined;
    this.annotations = metadata?.annotations ?? {};
  }

  get skipAwait(): boolean {
    return this.isTrue(SKIP_AWAIT);
  }

  get patchForce(): boolean {
    return this.isTrue(PATCH_FORCE);
  }

  get autonamed(): boolean {
    return this.isTrue(AUTONAMED);
  }

  get patchFieldManager(): string | undefined {
    return this.text(PATCH_FIELD_MANAGER);
  }

  /** One condition, or a JSON list of them. */
  get waitFor(): string | undefined {
    return this.text(WAIT_FOR);
  }

  get timeoutSeconds(): number | undefined {
    const text = this.text(TIMEOUT_SECONDS);
    return text === undefined ? undefined : Number(text);
  }

  get deletionPropagation(): "Background" | "Foreground" | "Orphan" {
    const known = { background: "Background", foreground: "Foreground", orphan: "Orphan" } as const;
    return known[(this.text(DELETION_PROPAGATION) ?? "").toLowerCase() as keyof typeof known] ?? "Foreground";
  }

  /** What `kubectl apply` was last given, as JSON. */
  get lastApplied(): string | undefined {
    return this.text(LAST_APPLIED);
  }

  /** What is wrong with the annotations, by name. */
  get mistakes(): readonly { readonly annotation: string; readonly reason: string }[] {
    const found = [];
    const seconds = this.timeoutSeconds;
    if (seconds !== undefined && !(seconds > 0)) {
      found.push({ annotation: TIMEOUT_SECONDS, reason: "must be a number of seconds above 0" });
    }
    if (this.isTrue(REPLACE_UNREADY)) {
      const reason = "is not supported by the offline provider; install the official plugin";
      found.push({ annotation: REPLACE_UNREADY, reason });
    }
    return found;
  }

  private isTrue(name: string): boolean {
    return this.text(name)?.toLowerCase() === "true";
  }

  private text(name: string): string | undefined {
    const value = this.annotations[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  }
}
