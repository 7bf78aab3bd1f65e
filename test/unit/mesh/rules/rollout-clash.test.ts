import { complaints, shop } from "../intents";

const rollout = (to: string) => ({
  service: "shop/cart",
  from: "v1",
  to,
  strategy: "blueGreen",
  success: { successRate: 99 },
});

test("a service has one rollout, to another version", () => {
  expect(complaints({ ...shop(), rollouts: [rollout("v2")] })).toEqual([]);
  expect(complaints({ ...shop(), rollouts: [rollout("v1")] })).toEqual(["rollout-clash at rollouts[0].to"]);
  expect(complaints({ ...shop(), rollouts: [rollout("v2"), rollout("v2")] })).toHaveLength(1);
});

test("its versions are ones that the service has", () => {
  expect(complaints({ ...shop(), rollouts: [rollout("v3")] })).toEqual(["unknown-version at rollouts[0].to"]);
});
