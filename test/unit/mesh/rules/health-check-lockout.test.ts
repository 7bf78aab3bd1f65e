import { complaints } from "../intents";

const intent = (access: object) => ({
  services: {
    "shop/cart": {
      serviceAccount: "cart",
      ports: [{ port: 80 }],
      traffic: { healthCheck: { path: "/healthz" } },
    },
  },
  access: [{ to: { service: "shop/cart" }, action: "allow", ...access }],
});

test.each([
  [{}, 0],
  [{ operations: [{ methods: ["GET"] }] }, 0],
  [{ operations: [{ methods: ["POST"] }] }, 1],
  [{ operations: [{ paths: ["/items/*"] }] }, 1],
  [{ operations: [{ paths: ["/items/*"] }, { paths: ["*/healthz"] }] }, 0],
  [{ operations: [{ paths: ["/health*"], methods: ["GET"] }] }, 0],
  [{ action: "deny", operations: [{ methods: ["POST"] }] }, 0],
])("a service whose access is %j has %d complaints", (access, count) => {
  const place = 'health-check-lockout at services["shop/cart"].traffic.healthCheck.path';
  expect(complaints(intent(access))).toEqual(Array(count).fill(place));
});
