import type { FastifyRequest } from 'fastify';
import type { Records } from '../../records';
import type { ProviderResponse } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Lead } from './lead';
import type { Webhooks } from './webhooks';

/** The account that both versions of the API use. */
export interface FirstPromoterAccount {
	sandboxState: SandboxState;
	leads: Records<Lead>;
	/** IDs of recorded events; V1 refuses a repeated one. */
	events: Set<string>;
	webhooks: Webhooks;
	/** Sets a lead's state as of that time (ISO 8601) and calls the webhooks. */
	setState(lead: Lead, state: string, at: string): void;
	/** Marks a lead as cancelled and logs the write. */
	cancel(request: FastifyRequest, lead: Lead, target: string, at?: string): ProviderResponse;
}
