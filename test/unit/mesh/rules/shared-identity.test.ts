import { complaints, shop } from "../intents";

const twin = (sharesServiceAccount: boolean) => ({
  serviceAccount: "cart",
  ports: [{ port: 80 }],
  sharesServiceAccount,
});

test("two services of a namespace with one service account are an error on each that does not say so", () => {
  const { services, ...rest } = shop();
  expect(complaints({ ...rest, services: { ...services, "shop/twin": twin(true) } })).toEqual([
    'shared-identity at services["shop/cart"].serviceAccount',
  ]);
  expect(complaints({ ...rest, services: { ...services, "shop/twin": twin(false) } })).toHaveLength(2);
});

test("the same account in another namespace is another identity", () => {
  const { services, ...rest } = shop();
  expect(complaints({ ...rest, services: { ...services, "other/twin": twin(false) } })).toEqual([]);
});
