import { z } from 'zod';
import type { AgentScript } from './scriptedAgent';
import { type DeliveryFaultKind, deliveryFaultKinds } from './deliveries';
import type { CustomerCancellation, PastedWebhook } from './providerApi';
import {
	type Bulk,
	type Fault,
	faultKinds,
	type Limit,
	type Scenario,
	type Seed,
} from './scenario';
import type { SettingsChange } from './settings';

const count = z.number().int().nonnegative();
const milliseconds = z.number().nonnegative().finite();
const record = z.record(z.unknown());

export const faultSchema: z.ZodType<Fault> = z
	.object({
		provider: z.string(),
		kind: z.enum(faultKinds),
		target: z.string().optional(),
		on: z.enum(['write', 'read', 'any']).optional(),
		times: count.optional(),
		every: count.positive().optional(),
		delayMs: milliseconds.optional(),
		retryAfter: z.union([z.number(), z.string()]).optional(),
		location: z.string().optional(),
		note: z.string().optional(),
	})
	.strict();

export const limitSchema: z.ZodType<Limit> = z
	.object({
		perSecond: z.number().positive().finite().optional(),
		burst: z.number().positive().finite().optional(),
		requests: count.positive().optional(),
		seconds: z.number().positive().finite().optional(),
		path: z.string().optional(),
		retryAfter: z.enum(['seconds', 'date', 'none']).optional(),
	})
	.strict();

const bulkSchema: z.ZodType<Bulk> = z
	.object({ provider: z.string(), count: count.max(1_000_000), prefix: z.string().min(1) })
	.strict();

export const seedSchema: z.ZodType<Seed> = z
	.object({
		samples: z.boolean().optional(),
		bulk: z.union([bulkSchema, z.array(bulkSchema)]).optional(),
		records: z
			.array(z.object({ provider: z.string(), target: z.string(), change: record }).strict())
			.optional(),
	})
	.strict();

export const latencySchema: z.ZodType<number> = milliseconds;

export const timeSchema: z.ZodType<string | null> = z.string().nullable();

export const settingsSchema: z.ZodType<SettingsChange> = z
	.object({ assumptions: z.record(z.string()).optional() })
	.catchall(z.number().nonnegative().finite());

export const deliveryFaultSchema: z.ZodType<{ kind: DeliveryFaultKind | null; delayMs?: number }> =
	z
		.object({ kind: z.enum(deliveryFaultKinds).nullable(), delayMs: milliseconds.optional() })
		.strict();

export const changeSchema: z.ZodType<Record<string, unknown>> = record;

export const cancellationSchema: z.ZodType<Partial<CustomerCancellation>> = z
	.object({
		source: z.string().optional(),
		at: z.string().optional(),
		ends: z.enum(['atPeriodEnd', 'now']).optional(),
	})
	.strict();

export const returnSchema: z.ZodType<{ at?: string }> = z
	.object({ at: z.string().optional() })
	.strict();

export const resetSchema: z.ZodType<{ keepWebhooks?: boolean }> = z
	.object({ keepWebhooks: z.boolean().optional() })
	.strict();

export const pastedWebhookSchema: z.ZodType<PastedWebhook | null> = z
	.object({ url: z.string(), header: z.string().optional(), sandboxUrl: z.string().optional() })
	.strict()
	.nullable();

export const agentSchema: z.ZodType<AgentScript | null> = z
	.object({
		tool: z.string().optional(),
		arguments: record.optional(),
		carryOut: z.boolean().optional(),
		final: z.string().optional(),
	})
	.strict()
	.nullable();

export const scenarioSchema: z.ZodType<Scenario> = z
	.object({
		seed: seedSchema.optional(),
		faults: z.array(faultSchema).optional(),
		limits: z.record(limitSchema).optional(),
		latency: z.record(latencySchema).optional(),
		settings: z.record(settingsSchema).optional(),
		clock: timeSchema.optional(),
	})
	.strict();

/**
 * The value, if it has the shape of the schema.
 * @param name what the value is, for the message
 * @throws RangeError that names the first field that is wrong
 */
export function parse<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
	const result = schema.safeParse(value);
	if (result.success) return result.data;
	const [{ path, message }] = result.error.issues;
	throw new RangeError(`${[name, ...path].join('.')}: ${message}`);
}
