import { defineWrite, type Provider } from '../shared/contract/provider';
import { invalid } from '../shared/contract/refusal';
import { bodyHoldsId, fillBody, isFlat, type JsonObject } from './bodyTemplate';
import { credentialCheck } from './credentialCheck';
import * as fields from './fields';
import { headerNames, headerSecrets } from './headers';
import { fillPath, holdsId } from './pathTemplate';
import {
	confirmCancel,
	interpretCancel,
	isOwnError,
	predictCancel,
	recordQuery,
	type RecordSettings,
} from './responses';

interface RequestSettings extends RecordSettings {
	path: string;
	body?: JsonObject;
	bodyFormat: 'form' | 'json';
	idempotencyHeader?: string;
}

function validate(values: RequestSettings): void {
	const { path, body, bodyFormat, readPath } = values;
	if (!holdsId(path) && !(body && bodyHoldsId(body))) {
		throw invalid(
			'Neither Path nor Body holds {id}: one and the same request would stand for every target.',
			'Put {id} where your API expects the ID.',
		);
	}
	if (body && bodyFormat === 'form' && !isFlat(body)) {
		throw invalid(
			'Body holds a list or an object, which a form cannot.',
			'Use texts, numbers and switches only, or the Body Format JSON.',
		);
	}
	if (readPath !== undefined) validateRecord(values, readPath);
}

/** What is read must be able to show an end; otherwise the record would say "unchanged" for ever. */
function validateRecord(values: RecordSettings, readPath: string): void {
	const { statusField, endedStatuses = [], scheduledStatuses = [], readNotFound } = values;
	const statuses = [...endedStatuses, ...scheduledStatuses];
	if (!holdsId(readPath)) {
		throw invalid('Read Path does not hold {id}.', 'Put {id} where your API expects the ID.');
	}
	if (statuses.length === 0 && readNotFound !== 'ended') {
		throw invalid(
			'Nothing says which record has ended.',
			'Fill in Ended Statuses or Scheduled Statuses, or leave Read Path empty.',
		);
	}
	if (statuses.length > 0 && statusField === undefined) {
		throw invalid('Status Field is empty.', 'Fill it in: the statuses are compared with it.');
	}
	const both = endedStatuses.find((status) => scheduledStatuses.includes(status));
	if (both !== undefined) {
		throw invalid(
			`"${both}" is in Ended Statuses and in Scheduled Statuses.`,
			'Remove it from one of them.',
		);
	}
}

const { targetId, method, path, bodyFormat, body, reason, readPath } = fields;
const { idField, statusField, endedStatuses, scheduledStatuses, endsAtField } = fields;
const { emailField, readNotFound, successField, successValues, idempotencyHeader } = fields;

export const httpCancellation: Provider = {
	name: 'httpCancellation',
	displayName: 'Your API',
	overview: {
		ends: 'what your API ends',
		timing: 'as your API does',
		undo: 'no',
		money: 'as your API does',
	},
	resource: { name: 'Request', value: 'request', target: 'target' },
	credentials: ['httpCancellationApi'],
	baseUrl: ({ baseUrl }) => baseUrl as string,
	headerNames,
	secrets: headerSecrets,
	// A pace that no API of one's own is overrun by.
	rateLimits: { requestsPerMinute: 60, burst: 1 },
	credentialChecks: [credentialCheck],
	isOwnError,
	defaultOperation: 'cancel',
	operations: {
		cancel: defineWrite({
			name: 'Cancel',
			action: 'Cancel at any other API',
			description: 'Cancel at any other API, by the requests that you describe',
			effect: 'cancel',
			agentDescription:
				"It sends the request by which the user's own API ends this target. Whether that can be undone, the user's API decides.",
			// Without a record, an earlier execution's request leaves no trace that could be read.
			retrySafety: ({ idempotencyHeader, readPath }) => {
				if (idempotencyHeader !== undefined) return 'deduplicated';
				return readPath === undefined ? 'never' : 'verifyFirst';
			},
			// The statuses are the user's own.
			guardable: { email: true, statuses: [] },
			fields: {
				...{ targetId, method, path, bodyFormat, body, reason, readPath, idField, statusField },
				...{ endedStatuses, scheduledStatuses, endsAtField, emailField, readNotFound },
				...{ successField, successValues, idempotencyHeader },
			},
			validate,
			target: ({ targetId }) => targetId,
			variant: ({ method, path, bodyFormat, body }) => ({ method, path, bodyFormat, body }),
			request: ({ targetId, method, path, bodyFormat, body, reason, idempotencyHeader }, key) => {
				const filled = body && fillBody(body, { id: targetId, reason });
				return {
					method,
					path: fillPath(path, targetId),
					...(filled && (bodyFormat === 'form' ? { form: filled } : { body: filled })),
					...(idempotencyHeader !== undefined && { headers: { [idempotencyHeader]: key } }),
				};
			},
			interpret: interpretCancel,
			recordQuery,
			readsBeforeWrite: ({ readPath }) => readPath !== undefined,
			predict: (_, values) => predictCancel(values),
			confirm: confirmCancel,
		}),
	},
};
