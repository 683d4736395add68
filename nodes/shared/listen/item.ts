import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import type { Happened, Told } from '../contract/event';
import { isEnded } from '../contract/outcome';
import { redact } from '../wire/secrets';

/**
 * The one shape in which an event comes in, whoever told it.
 * @param secrets what must not come out, whatever the provider sent
 */
export function toItem(provider: string, told: Told, secrets: string[]): INodeExecutionData {
	const { outcome, event, target, email, effectiveAt } = told;
	const { occurredAt, source, eventId, reason, raw } = told;
	const happened: Happened = {
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
