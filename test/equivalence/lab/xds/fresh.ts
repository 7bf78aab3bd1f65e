import { CLUSTERS, LISTENERS, type Snapshot } from "./services";
import { bytesField, withField } from "./wire";

/** `stat_prefix` of listeners and `alt_stat_name` of clusters. */
const LABEL = 28;

/**
 * Every cluster and listener with a label for its statistics that is new with each intent, so that none keeps
 * connections, ejected endpoints or spent tokens from the intent before.
 */
export function fresh(snapshot: Snapshot, epoch: string): Snapshot {
  return new Map(
    [...snapshot].map(([type, resources]) =>
      type === CLUSTERS || type === LISTENERS
        ? [type, resources.map(({ type_url, value }) => ({ type_url, value: labelled(value, epoch) }))]
        : [type, resources],
    ),
  );
}

function labelled(message: Buffer, epoch: string): Buffer {
  return withField(message, LABEL, bytesField(LABEL, `${epoch};`));
}
