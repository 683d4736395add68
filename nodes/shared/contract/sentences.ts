/** Joins sentences, each with a full stop; what is missing is left out. */
export const joinSentences = (...parts: Array<string | undefined>): string =>
	parts
		.flatMap((part) => part?.trim() || [])
		.map((part) => (/[.!?]["')]?$/.test(part) ? part : `${part}.`))
		.join(' ');
