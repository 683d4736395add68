/** A sample customer, the same at every provider that has a record. */
export interface SampleCustomer {
	/** Short name, part of every ID: `sub_ada`, `cus_ada`. */
	name: string;
	email: string;
	/** Position in the list, from 1; part of numbered IDs (`cu.00.001`). */
	number: number;
}

const everydayNames = [
	'ada',
	'ben',
	'cleo',
	'dora',
	'emil',
	'fay',
	'gus',
	'hana',
	'ivo',
	'june',
	'kim',
];

/**
 * Customers whose lookup by email address does not find exactly one active record: `twin` has two,
 * `renewed` an ended and an active one, `tester` only test records, `mixed` a test record and a real
 * one, `over` none that is active, `capital` an address with capitals, `bare` a record without optional
 * fields, `nothing` no record, `many` 120 records of which one is active.
 */
const lookupNames = [
	'twin',
	'renewed',
	'tester',
	'mixed',
	'over',
	'capital',
	'bare',
	'nothing',
	'many',
];

const addresses: Record<string, string> = { capital: 'Capital@Example.com' };

const numbered = (names: string[], from: number): SampleCustomer[] =>
	names.map((name, index) => ({
		name,
		email: addresses[name] ?? `${name}@example.com`,
		number: from + index,
	}));

/** The everyday sample customers, numbers 1 to 11. Each provider defines their states. */
export const everydayCustomers: readonly SampleCustomer[] = numbered(everydayNames, 1);

/** The customers for lookups, numbers 21 to 29. */
export const lookupCustomers: readonly SampleCustomer[] = numbered(lookupNames, 21);

/** The sample customer with this short name. */
export function sampleCustomer(name: string): SampleCustomer {
	const found = [...everydayCustomers, ...lookupCustomers].find(
		(candidate) => candidate.name === name,
	);
	if (!found) throw new RangeError(`No sample customer "${name}"`);
	return found;
}

/** Number of records of `many`, and the index of the active one. */
export const manyRecords = { count: 120, running: 107 };
