import { joinLabel, type ListSearch } from '../shared/contract/listSearch';
import { isEmail } from '../shared/fields/string';
import { attributesOf, instantOf, pageAfter, referralsIn } from './responses';

/** The list behind the Referral ID field: those of the e-mail that was typed, else the first ones. */
export const referralsByEmail: ListSearch = {
	missingInput: (typed) =>
		typed === '' || isEmail(typed)
			? undefined
			: 'Type the whole e-mail address: Reditus finds no parts of one.',
	request: (typed, page = '1') => ({
		path: '/v1/referrals',
		query: { email_eq: typed || undefined, page: Number(page), per_page: 50 },
	}),
	toRows: referralsIn,
	toOption(referral) {
		const { email, state, state_set_at } = attributesOf(referral);
		const day = instantOf(state_set_at)?.slice(0, 10);
		return {
			name: joinLabel(email, state, day && `since ${day}`, referral.id),
			value: String(referral.id),
		};
	},
	nextPage: (reply) => pageAfter(reply)?.toString(),
};
