/** A sample person: the same one with every provider that knows them. */
export interface Person {
	/** Short name, part of every id: `sub_ada`, `cus_ada`. */
	who: string;
	email: string;
	/** Position in the list, from 1; part of numbered ids (`cu.00.001`). */
	number: number;
}

const everyday = ['ada', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hana', 'ivo', 'june', 'kim'];

/**
 * Those who are looked for by what a CRM knows, where the answer is not one running record: `twin`
 * has two, `renewed` one over and one running, `tester` only test rows, `mixed` a test row beside a
 * real one, `over` none that runs, `capital` an address with capitals, `bare` a record that lacks
 * what is optional, `nothing` no record, `many` 120 of which one runs.
 */
const lookedFor = [
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

const numbered = (names: string[], from: number): Person[] =>
	names.map((who, index) => ({
		who,
		email: addresses[who] ?? `${who}@example.com`,
		number: from + index,
	}));

/** The everyday sample people, numbers 1 to 11. What state they are in each provider says itself. */
export const people: readonly Person[] = numbered(everyday, 1);

/** The people who are looked for, numbers 21 to 29. */
export const peopleLookedFor: readonly Person[] = numbered(lookedFor, 21);

/** The sample person with this short name. */
export function person(who: string): Person {
	const found = [...people, ...peopleLookedFor].find((candidate) => candidate.who === who);
	if (!found) throw new RangeError(`No sample person "${who}"`);
	return found;
}

/** So many records has `many`, and this one of them runs. */
export const manyRecords = { count: 120, running: 107 };
