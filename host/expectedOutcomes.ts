import type { Scenario } from '../sandbox/server';

/** The faults of the sandbox during the rehearsal workflow. */
export const scenario: Scenario = {
	faults: [
		{ provider: 'funnelFox', kind: 'rateLimit', target: 'sub_fay', times: 0 },
		{ provider: 'funnelFox', kind: 'serverErrorBefore', target: 'sub_ivo', times: 0 },
		{ provider: 'reditus', kind: 'serverErrorAfter', target: 'cus_fay', times: 0 },
		{ provider: 'reditus', kind: 'serverErrorBefore', target: 'cus_ivo', times: 0 },
	],
};

/**
 * The expected outcomes of the rehearsal workflow: per cancellation node, one for each item of the
 * list at the start of its row; undefined if the item does not reach the node.
 */
export const expected: Record<string, Array<string | undefined>> = {
	'Cancel in FunnelFox': [
		'scheduled',
		'scheduled',
		'alreadyCancelled',
		'scheduled',
		'scheduled',
		'scheduled',
		'notFound',
		'invalid',
	],
	'Track in FirstPromoter': [
		'cancelled',
		'cancelled',
		'alreadyCancelled',
		'cancelled',
		'nothingToCancel',
		'cancelled',
		undefined,
		undefined,
	],
	'Look first': ['preview', 'preview', 'preview', 'preview'],
	'Cancel as planned': ['scheduled', 'alreadyCancelled', 'notCancellable', 'refused'],
	'Churn in Reditus': ['cancelled', 'alreadyCancelled', 'nothingToCancel', 'nothingToCancel'],
	'Preview in Smokeball': ['preview', 'preview', 'preview'],
	'Cancel in Smokeball': ['scheduled', 'scheduled', 'cancelled'],
	'Resume in Smokeball': ['restored', undefined, undefined],
	'Ask Azotte': [
		'readyToConfirm',
		'offer',
		'presentation',
		'customerActionRequired',
		'readyToConfirm',
	],
	'Confirm in Azotte': ['scheduled', undefined, undefined, undefined, 'pendingProvider'],
	'Reactivate in Azotte': ['restored'],
	'Set active in FirstPromoter': ['restored'],
	'Cancel in Stripe': [
		'scheduled',
		'cancelled',
		'scheduled',
		'alreadyCancelled',
		'notCancellable',
		'refused',
		'notFound',
	],
	'Resume in Stripe': [
		'restored',
		undefined,
		'restored',
		undefined,
		undefined,
		undefined,
		undefined,
	],
	'Cancel in Paddle': [
		'scheduled',
		'cancelled',
		'alreadyCancelled',
		'notCancellable',
		'notCancellable',
		'notCancellable',
	],
	'Resume in Paddle': ['restored', undefined, undefined, undefined, undefined, undefined],
	'Cancel in Chargebee': [
		'scheduled',
		'cancelled',
		'alreadyCancelled',
		'refused',
		'refused',
		'notCancellable',
	],
	'Resume in Chargebee': ['restored', undefined, undefined, undefined, undefined, undefined],
	'Cancel in Recurly': [
		'scheduled',
		'scheduled',
		'cancelled',
		'cancelled',
		'alreadyCancelled',
		'notCancellable',
		'refused',
	],
	'Resume in Recurly': [
		'restored',
		'restored',
		undefined,
		undefined,
		undefined,
		undefined,
		undefined,
	],
	'Cancel at your API': ['cancelled', 'alreadyCancelled', 'notCancellable', 'notFound'],
	'Cancel on a bad day': ['rateLimited', 'failed'],
	'Churn on a bad day': ['unknown', 'unknown'],
	'Cancel with a wrong key': ['unauthorized', 'skipped', 'skipped'],
};
