import * as v from "valibot";
import { nameText, notes, oneOf, serviceKeyText } from "../schema";
import {
  degradeSchema,
  egressSchema,
  federationSchema,
  gatewaySchema,
  rawSchema,
  rolloutSchema,
  telemetrySchema,
} from "./schema-operation";
import { routeSchema } from "./schema-routes";
import { accessSchema, externalAuthorizationSchema, jwtProviderSchema, mtlsSchema } from "./schema-security";
import { serviceSchema } from "./schema-services";

/** The intent as it is written. `Intent` is its type, docs/intent.md its meaning. */
export const intentSchema = v.pipe(
  v.object({
    mtls: v.optional(mtlsSchema),
    authorization: v.optional(v.object({ default: v.optional(oneOf(["deny", "allow"])) })),
    services: v.optional(v.record(serviceKeyText, serviceSchema)),
    routes: v.optional(v.array(routeSchema)),
    access: v.optional(v.array(accessSchema)),
    jwtProviders: v.optional(v.record(nameText, jwtProviderSchema)),
    externalAuthorization: v.optional(v.array(externalAuthorizationSchema)),
    gateways: v.optional(v.record(nameText, gatewaySchema)),
    egress: v.optional(egressSchema),
    telemetry: v.optional(telemetrySchema),
    rollouts: v.optional(v.array(rolloutSchema)),
    federation: v.optional(federationSchema),
    degrade: v.optional(v.array(degradeSchema)),
    raw: v.optional(rawSchema),
  }),
  notes({ description: "What services, routes and access a mesh is to have, without naming a mesh." }),
);

/** An intent as a program or a file writes it. */
export type Intent = v.InferInput<typeof intentSchema>;

/** An intent whose parts have the right form; what they refer to is not yet checked. */
export type ParsedIntent = v.InferOutput<typeof intentSchema>;
