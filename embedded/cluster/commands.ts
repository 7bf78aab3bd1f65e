/** What to type to be rid of a cluster, for messages. */
export function deleteCommand(name: string): string {
  return `npx meshwright cluster delete --name ${name}`;
}
