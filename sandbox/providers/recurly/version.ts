/** The version of the API that the sandbox speaks. */
export const version = 'v2021-02-25';

/** What an `Accept` header may be. */
export const acceptHeaders = [
	`application/vnd.recurly.${version}`,
	`application/vnd.recurly.${version}+json`,
];
