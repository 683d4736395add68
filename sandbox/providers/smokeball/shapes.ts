/** The link that precedes every resource. */
export interface Link {
	id: string;
	href: string;
	relation: string;
	method: string;
}

type LinkedResource = Link & { self: Link };

interface Tier extends LinkedResource {
	name: string;
	[field: string]: unknown;
}

/** A firm's subscription: the provider's fields, and three that responses omit. */
export interface Subscription extends LinkedResource {
	/** Internal: the firm's short name. */
	customer: string;
	/** Internal: the charge of a resumption fails. */
	chargeFails?: boolean;
	/** Internal: an accepted change that takes effect when `monotonicNow()` reaches `due`. */
	pending?: { due: number; takeEffect: () => void };
	type: number;
	productSuite: string;
	tier: Tier | null;
	trialingTier:
		(Tier & { cancellationStatus: string; activationDate: string; expirationDate: string }) | null;
	addOns: unknown[];
	usages: unknown[];
	discounts: unknown[];
	/** Missing if "the firm does not have a platform subscription". */
	status?: string;
	interval: string;
	quantity: number;
	createdDate: string;
	trialStatus: string;
	trialPeriodStartDate?: string;
	trialPeriodEndDate?: string;
	currentPeriodStartDate: string;
	currentPeriodEndDate: string;
	/** None, Pending, Canceled */
	cancellationStatus: string;
	cancellationType?: string;
	canceledAt?: string;
	cancelAt?: string;
}

const hidden = new Set(['customer', 'chargeFails', 'pending']);

/** A subscription in the provider's format. */
export function view(record: Subscription): object {
	return Object.fromEntries(Object.entries(record).filter(([field]) => !hidden.has(field)));
}

/** A list in the provider's format. */
export function collection(records: Subscription[]): object {
	return { ...linked('', 'subscriptions'), value: records.map(view) };
}

/** The effect of a cancellation. */
export interface CancellationPlan {
	behaviour: 'Cancel' | 'CancelTrials';
	type: string;
	cancelAt: string | null;
}

/** The response to a cancellation or its preview. */
export function cancellationView(
	wish: CancellationRequest,
	planned: CancellationPlan,
	record: Subscription,
): object {
	return {
		preview: wish.preview ?? false,
		cancellationType: planned.type,
		cancellationBehaviour: planned.behaviour,
		cancelAt: planned.cancelAt,
		reason: wish.reason ?? null,
		tier: record.tier,
		addOns: record.addOns,
	};
}

/** State for the status page. */
export function stateLabel({ status, cancellationStatus, trialingTier }: Subscription): string {
	const ending = cancellationStatus === 'Pending' ? ', cancellation pending' : '';
	return (status ?? 'no status') + ending + (trialingTier ? ', trial tier' : '');
}

/** The body of a cancellation. */
export interface CancellationRequest {
	cancellationType?: 'PeriodEnd' | 'Immediate' | 'Date';
	cancelAt?: string | null;
	cancelSubscription?: boolean | null;
	reason?: string | null;
	preview?: boolean;
}

export const cancelBody = {
	type: 'object',
	additionalProperties: false,
	properties: {
		cancellationType: { type: 'string', enum: ['PeriodEnd', 'Immediate', 'Date'] },
		cancelAt: { type: ['string', 'null'], format: 'date-time' },
		cancelSubscription: { type: ['boolean', 'null'] },
		reason: { type: ['string', 'null'] },
		preview: { type: 'boolean' },
	},
};

export function link(path: string, id: string, relation = 'Subscription'): Link {
	return { id, href: `https://api.smokeball.com${path}/${id}`, relation, method: 'GET' };
}

export function linked(path: string, id: string, relation?: string): LinkedResource {
	const self = link(path, id, relation);
	return { ...self, self };
}

export function tier(smokeballId: string, name: string): Tier {
	const id = smokeballId === 'grow' ? tierIds.grow : tierIds.other;
	return {
		...linked('/subscriptions/tiers', id, 'Tier'),
		smokeballId,
		productSuite: 'Smokeball',
		name,
		description: `${name} plan`,
		trialPeriodDays: 14,
		prices: [
			{
				id: `${smokeballId}-monthly`,
				externalPriceId: `price_${smokeballId}`,
				default: true,
				active: true,
				type: 'Recurring',
				name: `${name}, per user and month`,
				amount: 5900,
				interval: 'Monthly',
			},
		],
		createdDate: '2022-04-23T14:00:00Z',
		updatedDate: '2022-04-23T14:00:00Z',
	};
}

const tierIds = {
	grow: 'b471682e-0000-4e46-b7fe-9b2b8fdcb3c2',
	other: 'b471682e-0001-4e46-b7fe-9b2b8fdcb3c2',
};
