/**
 * What the rehearsal comes to: for each cancellation node, the outcome per customer of the CRM
 * list, in its order; undefined where the customer does not get that far.
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
		'cancelled',
		'cancelled',
		'nothingToCancel',
		'cancelled',
		undefined,
		undefined,
	],
};
