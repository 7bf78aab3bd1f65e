import { complaints } from "../intents";

const intent = (...failover: { from: string; to: string }[]) => ({
  services: {
    "shop/cart": { serviceAccount: "cart", ports: [{ port: 80 }], traffic: { locality: { failover } } },
  },
});
const place = ['failover-loop at services["shop/cart"].traffic.locality.failover'];

test("a place fails over to one other", () => {
  expect(complaints(intent({ from: "a", to: "b" }, { from: "b", to: "a" }))).toEqual([]);
  expect(complaints(intent({ from: "a", to: "a" }))).toEqual(place);
  expect(complaints(intent({ from: "a", to: "b" }, { from: "a", to: "c" }))).toEqual(place);
});
