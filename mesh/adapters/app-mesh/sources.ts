const DOCS = "https://docs.aws.amazon.com/app-mesh/latest";

/** Where App Mesh's API defines a type. */
export function api(type: string): string {
  return `${DOCS}/APIReference/API_${type}.html`;
}

/** A page of App Mesh's user guide. */
export function guide(page: string): string {
  return `${DOCS}/userguide/${page}.html`;
}
