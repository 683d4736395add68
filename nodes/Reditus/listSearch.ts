import type { ListSearch } from '../shared/contract/listSearch';
import { isEmail } from '../shared/fields/string';
import { nextPage, referralLabel, toEnvelopes } from './responses';

/** The list of the Referral ID field: the referrals of the typed address, or the first ones. */
export const referralsByEmail: ListSearch = {
	missingInput: (typed) =>
		typed === '' || isEmail(typed)
			? undefined
			: 'Type the whole e-mail address: Reditus finds no parts of one.',
	request: (typed, page = '1') => ({
		path: '/v1/referrals',
		query: { email_eq: typed || undefined, page: Number(page), per_page: 50 },
	}),
	toRows: toEnvelopes,
	toOption: (referral) => ({ name: referralLabel(referral), value: String(referral.id) }),
	nextPage(response) {
		const next = nextPage(response, { path: '/v1/referrals' });
		return next.kind === 'next' ? String(next.request.query?.page) : undefined;
	},
};
