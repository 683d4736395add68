/** What names an item in a sentence. */
export interface Subject {
	target: string;
	email: string | null;
	/** What the target was found by. */
	foundBy?: string;
	/** Another name of the customer. */
	customer?: string;
}

/** The customer, as far as known; else the target. */
export const shortNameOf = ({ email, foundBy, customer, target }: Subject): string =>
	email ?? foundBy ?? customer ?? target;

/** "ada@example.com (sub_ada)": the customer, as far as known, and the target. */
export function nameOf(subject: Subject): string {
	const name = shortNameOf(subject);
	const { target } = subject;
	return name.toLowerCase() === target.toLowerCase() || target === ''
		? name
		: `${name} (${target})`;
}
