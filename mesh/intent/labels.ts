import { isDnsName } from "../../lib";

const LABEL_PART = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** A label's key as Kubernetes takes it: `app`, `app.kubernetes.io/name`. */
export function isLabelKey(text: string): boolean {
  const slash = text.indexOf("/");
  if (slash === -1) return LABEL_PART.test(text);
  return isDnsName(text.slice(0, slash)) && LABEL_PART.test(text.slice(slash + 1));
}

/** A label's value as Kubernetes takes it; it may be empty. */
export function isLabelValue(text: string): boolean {
  return text === "" || LABEL_PART.test(text);
}
