import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { ProviderEvent, TriggerOutput } from '../contract/event';
import { isEnded } from '../contract/outcome';
import type { Provider } from '../contract/provider';
import { redact } from '../http/redact';
import { longDate } from '../fields/dates';

/** How an event becomes an item. */
export interface ItemOptions {
	provider: Provider;
	/** The workflow's. */
	timeZone: string;
	includeRaw: boolean;
	/** What must not come out, whatever the provider sent. */
	secrets: string[];
}

/** The one shape in which an event comes in, for every provider. */
export function toTriggerItem(
	event: ProviderEvent,
	verified: boolean,
	options: ItemOptions,
): INodeExecutionData {
	const { outcome, target, email, effectiveAt, occurredAt, source, eventId, reason, raw } = event;
	const output: TriggerOutput = {
		summary: summarize(event, options),
		outcome,
		ended: isEnded(outcome),
		provider: options.provider.name,
		event: event.event,
		target,
		email,
		effectiveAt,
		occurredAt,
		source,
		eventId,
		reason,
		verified,
		...(options.includeRaw && { raw }),
	};
	return { json: redact(output, options.secrets) as unknown as IDataObject };
}

const verbs = {
	cancelled: 'ended',
	scheduled: 'cancelled; ends',
	restored: 'continues',
} as const;

/** "kim@example.com cancelled; ends on 17 June 2027 (FunnelFox)". */
function summarize(event: ProviderEvent, { provider, timeZone }: ItemOptions): string {
	const { outcome, target, email, effectiveAt, verb = verbs[outcome] } = event;
	const day = effectiveAt === null ? '' : ` on ${longDate(effectiveAt, { timeZone })}`;
	return `${email ?? target} ${verb}${day} (${provider.displayName})`;
}
