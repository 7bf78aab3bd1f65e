/** On objects that the chart meant for one moment of a release, with the moment. They are applied like the others. */
export const HOOK = "meshwright.dev/hook";
