/** A sample person: the same one with every provider that knows them. */
export interface SampleCustomer {
	/** Short name, part of every id: `sub_ada`, `cus_ada`. */
	name: string;
	email: string;
	/** Position in the list, from 1; part of numbered ids (`cu.00.001`). */
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
 * Those who are looked for by what a CRM knows, where the answer is not one running record: `twin`
 * has two, `renewed` one over and one running, `tester` only test rows, `mixed` a test row beside a
 * real one, `over` none that runs, `capital` an address with capitals, `bare` a record that lacks
 * what is optional, `nothing` no record, `many` 120 of which one runs.
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

/** The everyday sample people, numbers 1 to 11. What state they are in each provider says itself. */
export const everydayCustomers: readonly SampleCustomer[] = numbered(everydayNames, 1);

/** The people who are looked for, numbers 21 to 29. */
export const lookupCustomers: readonly SampleCustomer[] = numbered(lookupNames, 21);

/** The sample person with this short name. */
export function sampleCustomer(name: string): SampleCustomer {
	const found = [...everydayCustomers, ...lookupCustomers].find(
		(candidate) => candidate.name === name,
	);
	if (!found) throw new RangeError(`No sample person "${name}"`);
	return found;
}

/** So many records has `many`, and this one of them runs. */
export const manyRecords = { count: 120, running: 107 };
