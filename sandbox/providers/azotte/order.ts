import type { Clock } from '../../clock';
import {
	manyRecords,
	everydayCustomers,
	sampleCustomer,
	type SampleCustomer,
} from '../../sampleCustomers';

type Channel = 'Azotte' | 'InappPlayStore' | 'InappAppStore' | 'ExternalPartner';

/** A customer, with or without orders. */
export interface Customer {
	urn: string;
	externalId: string;
	email: string;
}

/** An order in the provider's format, with fields that only the sandbox uses. */
export interface Order {
	orderIdentifier: string;
	customerUrn: string;
	externalIdentifier: string;
	email: string;
	/** Trial, Active, PastDue, Canceled, Reactivated, Expired */
	state: string;
	startDate: string;
	endDate: string;
	subscriptionChannel: Channel;
	options: { canCancel: boolean; canReplace: boolean };
	bundle: { name: string; sku: string; urn: string };
	/** `responseType` of the first step of a cancellation. */
	firstStep: 'Processed' | 'Presentation' | 'Offer';
	/** Method of the last cancellation request. */
	requested?: string;
}

type Fields = Partial<Order> & { endsIn?: number };

const plus = { name: 'Plus', sku: 'plus-monthly', urn: 'bu.00.001' };
const pro = { name: 'Pro', sku: 'pro-yearly', urn: 'bu.00.002' };

/** An active order with the given fields; its period ends `endsIn` days from today. */
export function order(
	clock: Clock,
	name: string,
	{ urn, externalId, email }: Customer,
	{ endsIn = 12, ...fields }: Fields = {},
): Order {
	return {
		orderIdentifier: `or_${name}`,
		customerUrn: urn,
		externalIdentifier: externalId,
		email,
		state: 'Active',
		startDate: clock.midnight(endsIn - 30),
		endDate: clock.midnight(endsIn),
		subscriptionChannel: 'Azotte',
		options: { canCancel: true, canReplace: true },
		bundle: plus,
		firstStep: 'Processed',
		...fields,
	};
}

function customer({ name, email, number }: SampleCustomer): Customer {
	return { urn: `cu.00.${String(number).padStart(3, '0')}`, externalId: `cus_${name}`, email };
}

/** A customer without orders. */
export const customerWithoutOrder = customer(sampleCustomer('nothing'));

/** Orders of the sample customers. Azotte has no test orders and no optional fields. */
export function sampleOrders(clock: Clock): Order[] {
	const made = (name: string, fields?: Fields, part?: string) =>
		order(clock, part ? `${name}_${part}` : name, customer(sampleCustomer(name)), fields);
	const states: Record<string, Fields> = {
		ben: { state: 'Trial', subscriptionChannel: 'InappPlayStore' },
		cleo: { state: 'Canceled' },
		dora: { subscriptionChannel: 'InappAppStore' },
		emil: { subscriptionChannel: 'ExternalPartner' },
		fay: { state: 'PastDue', endsIn: 1 },
		gus: { state: 'Expired', endsIn: -20 },
		hana: { firstStep: 'Offer' },
		ivo: { firstStep: 'Presentation' },
		june: { options: { canCancel: false, canReplace: false } },
	};
	return [
		...everydayCustomers.map(({ name }) => made(name, states[name])),
		made('kim', { state: 'Expired', endsIn: -90 }, 'old'),
		made('twin', {}, '1'),
		made('twin', { bundle: pro, endsIn: 200 }, '2'),
		made('renewed', { state: 'Expired', endsIn: -90 }, 'old'),
		made('renewed'),
		made('over', { state: 'Expired', endsIn: -30 }, '1'),
		made('over', { state: 'Canceled' }, '2'),
		made('capital'),
		...Array.from({ length: manyRecords.count }, (_, index) =>
			made(
				'many',
				index + 1 === manyRecords.running ? {} : { state: 'Expired', endsIn: -30 },
				String(index + 1).padStart(3, '0'),
			),
		),
	];
}

/** State for the status page. */
export function stateLabel({ state, subscriptionChannel, options, firstStep }: Order): string {
	const channel = subscriptionChannel === 'Azotte' ? '' : `, ${subscriptionChannel}`;
	const step = firstStep === 'Processed' ? '' : `, ${firstStep.toLowerCase()} first`;
	return state + channel + step + (options.canCancel ? '' : ', cannot be cancelled');
}

export function isCancelable({ state, options }: Order): boolean {
	return options.canCancel && state !== 'Canceled' && state !== 'Expired';
}

/** An order in the provider's list format. */
export function view(record: Order): Record<string, unknown> {
	return {
		bundleName: record.bundle.name,
		bundleSku: record.bundle.sku,
		bundleUrn: record.bundle.urn,
		state: record.state,
		startDate: record.startDate,
		endDate: record.endDate,
		orderIdentifier: record.orderIdentifier,
		originalOrderIdentifier: record.orderIdentifier,
		subscriptionChannelName: record.subscriptionChannel,
		subscriptionChannel: record.subscriptionChannel,
		options: { ...record.options, canCancel: isCancelable(record) },
	};
}

/** An offer that is to keep the customer. */
export function offerFor({ orderIdentifier }: Order, expiresAt: string): Record<string, unknown> {
	return {
		offerIdentifier: `of_${orderIdentifier}`,
		name: 'Half price for three months',
		expiresAt,
	};
}
