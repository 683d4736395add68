/** A sample person: the same one with every provider that knows them. */
export interface Person {
	/** Short name, part of every id: `sub_ada`, `cus_ada`. */
	who: string;
	name: string;
	email: string;
	/** Position in the list, from 1; part of numbered ids (`cu.00.001`). */
	number: number;
}

const names = ['Ada', 'Ben', 'Cleo', 'Dora', 'Emil', 'Fay', 'Gus', 'Hana', 'Ivo', 'June', 'Kim'];

/** The sample people. What state they are in is said in each provider's own module. */
export const people: readonly Person[] = names.map((name, index) => ({
	who: name.toLowerCase(),
	name,
	email: `${name.toLowerCase()}@example.com`,
	number: index + 1,
}));

/** The sample person with this short name. */
export function person(who: string): Person {
	const found = people.find((candidate) => candidate.who === who);
	if (!found) throw new RangeError(`No sample person "${who}"`);
	return found;
}
