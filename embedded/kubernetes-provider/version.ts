/** The official plugin's version whose behaviour this one keeps to; the SDK's in package.json must be the same. */
export const VERSION = "4.32.0";
