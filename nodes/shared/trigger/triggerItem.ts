import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { TriggerOutput, ProviderEvent } from '../contract/event';
import { isEnded } from '../contract/outcome';
import { redact } from '../http/redact';

/**
 * The one shape in which an event comes in, whoever told it.
 * @param secrets what must not come out, whatever the provider sent
 */
export function toTriggerItem(
	provider: string,
	told: ProviderEvent,
	secrets: string[],
): INodeExecutionData {
	const { outcome, event, target, email, effectiveAt } = told;
	const { occurredAt, source, eventId, reason, raw } = told;
	const happened: TriggerOutput = {
		outcome,
		ended: isEnded(outcome),
		provider,
		event,
		target,
		email,
		effectiveAt,
		occurredAt,
		source,
		eventId,
		reason,
		raw,
	};
	return { json: redact(happened, secrets) as unknown as IDataObject };
}
