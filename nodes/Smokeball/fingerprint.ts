import type { IDataObject } from 'n8n-workflow';

import { asObject } from '../shared/contract/http';

/** What a user would want to know of before a cancellation. */
const fields = [
	'status',
	'cancellationStatus',
	'cancellationType',
	'cancelAt',
	'canceledAt',
	'currentPeriodEndDate',
	'interval',
	'quantity',
	'productSuite',
	'trialStatus',
	'trialPeriodEndDate',
	'type',
];

/** Tiers, add-ons, usages and discounts: what they are, what they cost and when they end. */
const partFields = [
	'id',
	'name',
	'promotion',
	'activationDate',
	'cancellationStatus',
	'expirationDate',
	'prices',
];

/** A text that changes with everything in the subscription that changes what is cancelled or paid. */
export const fingerprint = (record: IDataObject): string =>
	JSON.stringify([
		...fields.map((field) => record[field] ?? null),
		partOf(record.tier),
		partOf(record.trialingTier),
		...[record.addOns, record.usages, record.discounts].map(partsOf),
	]);

const partOf = (part: unknown) =>
	partFields.map((field) => canonical(asObject(part)[field] ?? null));

/** The order of a list tells nothing. */
const partsOf = (parts: unknown) =>
	(Array.isArray(parts) ? parts : []).map((part) => JSON.stringify(partOf(part))).sort();

/** Links and the order of fields aside. */
function canonical(value: unknown): unknown {
	if (Array.isArray(value)) return value.map((one) => JSON.stringify(canonical(one))).sort();
	if (typeof value !== 'object' || value === null) return value;
	const links = ['href', 'relation', 'method', 'self', 'updatedDate'];
	return Object.entries(value as IDataObject)
		.filter(([field]) => !links.includes(field))
		.sort(([one], [other]) => one.localeCompare(other))
		.map(([field, inner]) => [field, canonical(inner)]);
}
