import type { FastifyRequest } from 'fastify';
import type { Records } from '../../records';
import type { ProviderResponse } from '../../providerApi';
import type { SandboxState } from '../../sandboxState';
import type { Lead } from './lead';
import type { Webhooks } from './webhooks';

/** What both versions of the API work on. */
export interface FirstPromoterAccount {
	sandboxState: SandboxState;
	leads: Records<Lead>;
	/** Ids of the events that were recorded; v1 turns a repeated one away. */
	events: Set<string>;
	webhooks: Webhooks;
	/** Brings a lead into a state at that time (ISO 8601), and tells the webhooks. */
	setState(lead: Lead, state: string, at: string): void;
	/** Marks a lead as cancelled and notes the write. */
	cancel(request: FastifyRequest, lead: Lead, target: string, at?: string): ProviderResponse;
}
